"""The pipeline over a handler in this process, and handlers that need no model."""

from collections.abc import Callable, Sequence

from handlers import Handler, Options, Translation
from serving.jobs import Ask
from serving.lanes.cache import Cache
from serving.lanes.caller import Caller
from serving.plugins.models import Model
from serving.request import Request
from serving.service.asking import Asking
from serving.service.pipeline import translate_texts


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


class Answered(list[Translation]):
    """In a ticket's place."""

    queued = 0.0
    led: tuple[int, ...] = ()


class AtOnce:
    """In a batcher's place: translates in this thread, before anybody waits."""

    def begin(self, handler: Handler, asks: Sequence[Ask], caller: Caller) -> list[Translation]:
        answers: dict[int, Translation] = {}
        for options in dict.fromkeys(ask.options for ask in asks):
            chosen = [index for index, ask in enumerate(asks) if ask.options == options]
            found = handler.translate([asks[index].segment for index in chosen], options)
            answers |= zip(chosen, found, strict=True)
        return Answered(answers[index] for index in range(len(asks)))

    def wait(self, ticket: list[Translation]) -> list[Translation]:
        return ticket


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
) -> tuple[list[Translation], Asking]:
    request = Request(tuple(texts), **wishes)
    model = Model(None, None, handler)
    asking = Asking(model, AtOnce(), Cache(0, 0), Caller(), max_tokens=10**9)
    found = translate_texts(request, source, target, model.guest, asking, recase)
    return [result.translation for result in found], asking


def one(text: str, handler: Handler, **wishes) -> str:
    return translate([text], handler, **wishes)[0].text
