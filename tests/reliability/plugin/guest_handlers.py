"""A handler that breaks the rules of its house when the text says so.

Installed for a test by putting this folder on PYTHONPATH; serves ``en`` → ``qab``.
"""

from collections import deque
from dataclasses import dataclass

from sentencex import segment

from handlers import ModelFolder, Translation, hookimpl


class Panic(BaseException):
    """What PyO3's ``PanicException`` is: no `Exception`."""


def panic(word):
    """A real one, where the library still does."""
    list(segment("en", "Take vitamin C\u00a0."))
    raise Panic(word)


def leave(error):
    raise error


@hookimpl
def register_handlers(register):
    register("en", "qab", Unruly)


RESULTS = {
    "dict": lambda one: dict.fromkeys(one),
    "set": lambda one: set(one),
    "deque": lambda one: deque(one),
    "none": lambda one: None,
    "string": lambda one: one[0].text,
    "generator": lambda one: iter(one),
    "strings": lambda one: [t.text for t in one],
    "many": lambda one: [*one, *one],
    "bytes": lambda one: [Translation(t.text.encode()) for t in one],
    "surrogate": lambda one: [Translation("\ud800") for t in one],
    "score": lambda one: [Translation(t.text, score=float("nan")) for t in one],
    "exit": lambda one: leave(SystemExit(f"{one}")),
    "interrupt": lambda one: leave(KeyboardInterrupt(f"{one}")),
    "panic": lambda one: panic(f"{one}"),
    "memory": lambda one: leave(MemoryError(f"{one}")),
}


@dataclass
class Unruly:
    """Not hashable, as dataclasses are. ``RESULT secret`` in a text names one of `RESULTS`."""

    folder: ModelFolder

    def translate(self, segments, options):
        good = [Translation(str(segment)) for segment in segments]
        for segment in segments:  # noqa: F402
            word = segment.partition(" ")[0]
            if word in RESULTS:
                return RESULTS[word](good)
        return good

    def tokenize(self, texts):
        for text in texts:
            word = text.partition(" ")[0]
            if word == "tokens":
                return {text: [text]}
            if word.removeprefix("token-") in ("exit", "interrupt", "panic"):
                RESULTS[word.removeprefix("token-")]([text])
        return [[text] for text in texts]
