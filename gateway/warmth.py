"""The cold-start contract: a caller waits a while for a cold model, which keeps warming.

A pair that has not answered lately is asked for the translation of nothing first; every
caller of the pair waits for that one question. It is asked again until it is answered, also
after the callers were sent away with 504, so that a retry finds the model warm.

A function is frozen between two calls, and its connections die meanwhile: a question that
outlived its call would keep the next one waiting for nothing. A backend that has `wake` is
therefore asked anew by each call, for no longer than the call waits; the model goes on
starting by itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillCold

from gateway.backend import Backend, Pair, TranslationRequest
from gateway.errors import BackendError

RETRY_AFTER = 2  # seconds; a retried request is held again, so soon is good
_PAUSE = 0.5  # seconds between two questions
_GIVE_UP = 300.0  # seconds; SageMaker itself gives a start three minutes
_PASSING = (429, 503, 504)  # not ready, throttled, draining: ask again


class Warmth:
    def __init__(
        self, backend: Backend, warm_seconds: float, clock: Callable[[], float] = time.monotonic
    ):
        self._backend = backend
        self._warm_seconds = warm_seconds
        self._clock = clock
        self._answered: dict[Pair, float] = {}
        self._waking: dict[Pair, Future[None]] = {}
        self._lock = threading.Lock()
        self._wake_within: Callable[[Pair, float], None] | None = getattr(backend, "wake", None)

    def note(self, pair: Pair) -> None:
        """Remember that the pair has just answered."""
        self._answered[pair] = self._clock()

    def is_warm(self, pair: Pair) -> bool:
        answered = self._answered.get(pair)
        return answered is not None and self._clock() - answered < self._warm_seconds

    def wait(self, pairs: Sequence[Pair], seconds: float) -> None:
        """Returns once all pairs answer; BackendError 504 if that takes longer than `seconds`."""
        deadline = self._clock() + seconds
        waking = [(pair, self._wake(pair, seconds)) for pair in pairs if not self.is_warm(pair)]
        for pair, answer in waking:
            try:
                answer.result(max(0.0, deadline - self._clock()))
            except StillCold:
                if self._wake_within:
                    self._forget(pair, answer)
                raise _still_cold(pair) from None

    def _wake(self, pair: Pair, seconds: float) -> Future[None]:
        with self._lock:
            future = self._waking.get(pair)
            if future is None:
                future = self._waking[pair] = Future()
                self._start_asking(pair, future, seconds)
            return future

    def _start_asking(self, pair: Pair, future: Future[None], seconds: float) -> None:
        asking = (pair, future, seconds)
        try:
            threading.Thread(target=self._ask, args=asking, daemon=True).start()
        except RuntimeError as error:  # the machine gives no further thread
            del self._waking[pair]
            raise busy() from error

    def _ask(self, pair: Pair, future: Future[None], seconds: float) -> None:
        try:
            self._ask_until_answered(pair, seconds)
        except BaseException as error:  # whatever it is, those who wait must hear of it
            self._forget(pair, future)
            future.set_exception(error)
        else:
            self.note(pair)
            self._forget(pair, future)
            future.set_result(None)

    def _forget(self, pair: Pair, future: Future[None]) -> None:
        """Have the next caller ask anew; a question that somebody else has begun stays."""
        with self._lock:
            if self._waking.get(pair) is future:
                del self._waking[pair]

    def _ask_until_answered(self, pair: Pair, seconds: float) -> None:
        give_up = self._clock() + (seconds if self._wake_within else _GIVE_UP)
        while True:
            try:
                if self._wake_within:
                    self._wake_within(pair, seconds)
                else:
                    self._backend.translate(TranslationRequest(("",), *pair))
                return
            except BackendError as error:
                if error.status not in _PASSING:
                    raise
                if self._clock() > give_up:
                    raise _still_cold(pair) from error
            time.sleep(_PAUSE)


def busy() -> BackendError:
    return BackendError(503, "busy", "The server is busy. Try again in a few seconds.", RETRY_AFTER)


def _still_cold(pair: Pair) -> BackendError:
    message = f"The model for {pair[0]} to {pair[1]} is starting. Try again in a few seconds."
    # Not 503, on which some callers turn the whole service off for half an hour.
    return BackendError(504, "warming_up", message, RETRY_AFTER)
