"""What all texts of a request have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import Options, Segment
from serving.text.chunks import Tokenize


@dataclass(frozen=True)
class Context:
    """The languages, the caller's wishes and the model's tokeniser."""

    source: str
    target: str
    split: str
    options: Options
    tokenize: Tokenize
    max_tokens: int | None
    """The longest segment; None for no limit."""
    recase: bool = True
    """Whether text in capitals is translated as a sentence."""

    def segments(self, texts: Sequence[str]) -> list[Segment]:
        tokens = self.tokenize(texts) if texts else []
        return [Segment(*pair) for pair in zip(texts, tokens, strict=True)]

    def is_too_long(self, segment: Segment) -> bool:
        return self.max_tokens is not None and len(segment.tokens) > self.max_tokens
