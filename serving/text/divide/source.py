"""A text to translate, its protected spans, and how parts of it are written down again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from serving.text.protect.spans import Span, replaced, within


@dataclass(frozen=True)
class Source:
    """``text`` is what a reader sees; offsets everywhere are into it."""

    text: str
    spans: Sequence[Span]
    literal: Callable[[int, int], str]
    """A range as its author wrote it; differs from ``text`` where markup is around it."""
    escape: Callable[[str], str]
    """Translated text as it has to be written, for example with ``&amp;``."""

    @classmethod
    def plain(cls, text: str, spans: Sequence[Span]) -> "Source":
        return cls(text, spans, lambda start, end: text[start:end], str)

    def neutral(self, start: int = 0, end: int | None = None) -> str:
        """A range with each span as a made-up word, so that no dot in it ends a sentence."""
        end = len(self.text) if end is None else end
        spans = within(self.spans, start, end)
        if not spans:  # most ranges
            return self.text[start:end]
        return replaced(self.text, spans, self._word, start, end)

    def _word(self, span: Span) -> str:
        size = span.end - span.start
        return self.text[span.start] if size == 1 else f"X{'x' * (size - 1)}"
