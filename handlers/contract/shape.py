"""The shape of a handler: any class with these members will do."""

from collections.abc import Callable, Sequence
from typing import Protocol

from handlers.contract.translation import Options, Translation
from model_folder import ModelFolder


class Handler(Protocol):
    """Translates segments of one pair. Called from several threads at once.

    Eight more members are used if they are there:

    ``max_tokens: int``
        the longest segment it takes; longer sentences are split before.
    ``tokenize(texts: Sequence[str]) -> list[list[str]]``
        the model's tokens of each text: what is counted against ``max_tokens``.
        They come back to ``translate`` as ``segment.tokens``.
    ``batch_key(segment: Segment) -> Hashable``
        only segments with equal keys, and equal options, share a call of ``translate``.
    ``options: Collection[str]``
        the names of the `Options` that it heeds; without this member all of them. The others
        reach it as their defaults, so that nothing is asked twice for their sake.
    ``masks: Sequence[str]``
        words that it copies into a translation, to stand in for what is protected.
    ``knows(character: str) -> bool``
        whether its vocabulary has the character; without this member it has every one.
    ``engine: str``
        threads and the like, for the log line of the start.
    ``close() -> None``
        called once, when the server was told to end and everybody has an answer: end here what
        would outlive the process. Nothing is asked for any more, but ``translate`` may still
        run for a caller who has left. After two seconds the server ends nevertheless.
    """

    def translate(self, segments: Sequence[str], options: Options) -> Sequence[Translation]:
        """One translation for each segment, same length and order."""


Factory = Callable[[ModelFolder], Handler]
CanLoad = Callable[[ModelFolder], bool]


class Register(Protocol):
    """What a plugin's hook is given; `handlers.contract.hook` says how to call it."""

    def __call__(
        self, source: str, target: str, factory: Factory, *, can_load: CanLoad | None = None
    ) -> None: ...
