"""Places: who has one is translated for, who has none is refused."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar

from serving.errors import Busy, Stopping
from serving.lanes.caller import Caller, arrived, client_left
from serving.lanes.tickets import Batch
from serving.lanes.turns import in_turn, is_large
from serving.metrics import Metrics
from serving.request import Answer, Request
from serving.service.translator import Translator
from serving.settings import Settings
from serving.text import warnings

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
        self.metrics = Metrics()
        self.models = translator.models
        self.pairs, self.demonstrations = translator.pairs, translator.demonstrations
        self._pairs = {model.guest: model.folder.pair for model in self.models}
        self._describe()

    def translate(self, request: Request) -> Answer:
        """The answer. Raises `Busy`, `TimedOut`, `Stopping`, and what the translator raises."""
        with self.place(sum(map(len, request.texts))) as caller:
            answer = self._translator.translate(request, caller)
        self._note(answer)
        return answer

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

    def _describe(self) -> None:
        metrics = self.metrics
        metrics.read("translation_in_flight", lambda: len(self._callers))
        for model in self.models:
            folder = model.folder
            metrics.set("translation_model_info", folder.pair, folder.name, folder.version, to=1)
        self._translator.batcher.on_batch = self._note_batch

    def _note_batch(self, batch: Batch) -> None:
        pair = self._pairs.get(batch.kind[0], "none")  # type: ignore[call-overload]
        self.metrics.observe("translation_batch_segments", batch.segments, pair)

    def _note(self, answer: Answer) -> None:
        metrics, pair = self.metrics, answer.pair
        metrics.add("translation_tokens_total", pair, by=answer.tokens)
        metrics.add("translation_segments_total", pair, by=answer.segments)
        metrics.add("translation_cache_hits_total", pair, by=answer.cached)
        if answer.segments > answer.cached:
            metrics.observe("translation_queue_seconds", answer.milliseconds["queue"] / 1000, pair)
        for code, count in warnings.labels(answer.warning_counts).items():
            metrics.add("translation_warnings_total", pair, code, by=count)

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
