"""Who has a place, and who is sent away."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar

from serving.errors import Busy, Stopping
from serving.lanes.caller import Caller, arrived, client_left
from serving.lanes.turns import in_turn, is_large
from serving.plugins.models import Model
from serving.request import Answer, Request
from serving.service.translator import Translator
from serving.settings import Settings

_admitted: ContextVar[Caller | None] = ContextVar("admitted", default=None)
"""The caller that this thread or short task works for, once it has a place."""


class Admission:
    """A translator with a fixed number of places. Safe to call from many threads."""

    def __init__(self, translator: Translator, settings: Settings) -> None:
        self._translator = translator
        self._timeout = settings.timeout
        self._places = threading.Semaphore(settings.places)
        self._callers: set[Caller] = set()
        self._lock = threading.Lock()

    @property
    def models(self) -> list[Model]:
        return self._translator.models

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return self._translator.pairs

    @property
    def demonstrations(self) -> list[tuple[str, str]]:
        return self._translator.demonstrations

    def translate(self, request: Request) -> Answer:
        """Raises `Busy`, `TimedOut`, `Stopping`, and what the translator raises."""
        with self.place() as caller:
            return self._translator.translate(request, caller)

    @contextmanager
    def place(self, size: int = 0) -> Iterator[Caller]:
        """Around all work for a request with a body of ``size`` bytes, whose time has begun when
        it had come.

        Raises `Busy`, and `TimedOut` where a large request does not have its turn in time.
        Whoever has a place already keeps it.
        """
        if (admitted := _admitted.get()) is not None:
            yield admitted
            return
        if not self._places.acquire(blocking=False):
            raise Busy("All places are taken. Try again in a second.")
        started = arrived.get() or time.monotonic()
        caller = Caller(self._timeout, client_left.get(), started)
        with self._lock:
            self._callers.add(caller)
        token = _admitted.set(caller)
        try:
            with in_turn(caller) if is_large(size) else nullcontext():
                yield caller
        finally:
            _admitted.reset(token)
            with self._lock:
                self._callers.discard(caller)
            self._places.release()

    def longest(self) -> float:
        """Seconds since the start of the oldest request or batch; 0 without any.

        A translation cannot be interrupted: its batch may outlast its callers.
        """
        with self._lock:
            started = [caller.started for caller in self._callers]
        oldest = time.monotonic() - min(started) if started else 0.0
        return max(oldest, self._translator.batcher.longest())

    def abandon(self) -> None:
        """Answer everyone who still waits with `Stopping`."""
        self._translator.batcher.abandon(Stopping("The server is stopping. Try again in a second."))
