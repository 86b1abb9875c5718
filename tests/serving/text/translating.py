"""The pipeline over a handler in this process, and handlers that need no model."""

from collections.abc import Callable, Sequence
from functools import partial

from handlers import Handler, Options, Translation
from serving.plugins.guest import Guest
from serving.request import Request
from serving.service.pipeline import translate_texts
from serving.service.rounds import Rounds, Stats


class Each:
    """A handler that applies a function to each segment."""

    def __init__(self, function: Callable[[str], str]) -> None:
        self.function = function
        self.seen: list[str] = []
        self.tokens = 0

    def translate(self, segments: Sequence[str], options: Options) -> list[Translation]:
        self.seen += segments
        self.tokens += sum(len(segment.tokens) for segment in segments)
        return [Translation(self.function(segment)) for segment in segments]


def identity() -> Each:
    return Each(str)


def reversing() -> Each:
    return Each(lambda segment: segment[::-1])


def translate(
    texts: Sequence[str], handler: Handler, source: str = "en", target: str = "de", **wishes
) -> list[Translation]:
    return counted(texts, handler, source, target, **wishes)[0]


def counted(
    texts: Sequence[str],
    handler: Handler,
    source: str = "en",
    target: str = "de",
    recase: bool = True,
    **wishes,
) -> tuple[list[Translation], Stats]:
    request = Request(tuple(texts), **wishes)
    rounds = Rounds(partial(partial, handler.translate), max_tokens=10**9)
    return translate_texts(request, source, target, Guest(handler), rounds, recase), rounds.stats


def one(text: str, handler: Handler, **wishes) -> str:
    return translate([text], handler, **wishes)[0].text
