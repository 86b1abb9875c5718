"""What all texts of a request have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from handlers import Options, Segment
from serving.request import Request
from serving.text.divide.chunks import Tokenize


@dataclass(frozen=True)
class Context:
    """The request, its languages as served, and the model's tokeniser."""

    request: Request
    source: str
    target: str
    tokenize: Tokenize
    max_tokens: int | None
    """The longest segment; None for no limit."""
    recase: bool = True
    """Whether text in capitals is translated as a sentence."""

    @cached_property
    def options(self) -> Options:
        """What of the request the handler is told."""
        return self.request.options

    def segments(self, texts: Sequence[str]) -> list[Segment]:
        tokens = self.tokenize(texts) if texts else []
        return [Segment(*pair) for pair in zip(texts, tokens, strict=True)]

    def is_too_long(self, segment: Segment) -> bool:
        return self.max_tokens is not None and len(segment.tokens) > self.max_tokens
