"""What all texts of a request have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from handlers import Options, Segment
from serving.request import Request
from serving.text.divide.chunks import Tokenize
from serving.text.glossary.terms import Terms
from serving.text.mend.masks import NAMES_FIRST, NAMES_ONLY, NUMBERS_ONLY, Palette
from serving.text.protect.spans import Find
from serving.text.protect.terms import find_nothing


def _all(options: Options) -> Options:
    return options


def _anything(character: str) -> bool:
    return True


@dataclass(frozen=True)
class Context:
    """The request, its languages as served, and the model's tokeniser."""

    request: Request
    source: str
    target: str
    tokenize: Tokenize
    max_tokens: int | None
    """The longest segment's; None for no limit."""
    recase: bool = True
    """Whether text in capitals is translated as a sentence."""
    heeded: Callable[[Options], Options] = _all
    """Options as the handler gets them: without those that it does not heed."""

    masks: Sequence[str] = ()
    """Words that the model copies, as its manifest or its handler says."""

    knows: Callable[[str], bool] = _anything
    """Whether the model's vocabulary has a character."""

    find_kept: Find = find_nothing
    """Finds the terms that the request keeps, and words that the model does not know."""

    terms: Terms | None = None
    """The request's glossary; None without one."""

    @cached_property
    def palettes(self) -> Sequence[Palette]:
        """The masks to try, one after the other; in the end names for numbers too."""
        if not self.masks:
            return NAMES_FIRST, NUMBERS_ONLY, NAMES_ONLY
        names = {"name": (*self.masks, *NAMES_FIRST["name"])}
        return {**NAMES_FIRST, **names}, NAMES_FIRST, names

    @cached_property
    def options(self) -> Options:
        """The request's options, as the handler gets them."""
        return self.heeded(self.request.options)

    @cached_property
    def second_options(self) -> Options:
        """The options of a second try, where the first translation loops."""
        return self.heeded(replace(self.options, no_repeat_ngram_size=3))

    def segments(self, texts: Sequence[str]) -> list[Segment]:
        """Each text with its tokens, which are asked for once."""
        tokens = self.tokenize(texts) if texts else []
        return [Segment(*pair) for pair in zip(texts, tokens, strict=True)]

    def is_too_long(self, segment: Segment) -> bool:
        return self.max_tokens is not None and len(segment.tokens) > self.max_tokens
