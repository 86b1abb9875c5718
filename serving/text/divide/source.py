"""A text to translate, its protected spans, and how parts of it are written down again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from serving.text.protect.spans import Span, within


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
        parts = []
        for span in within(self.spans, start, end):
            parts += [self.text[start : span.start], _word(self.text[span.start : span.end])]
            start = span.end
        return "".join([*parts, self.text[start:end]])


def _word(text: str) -> str:
    return text if len(text) == 1 else f"X{'x' * (len(text) - 1)}"
