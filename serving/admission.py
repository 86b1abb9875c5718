"""Who is translated, who waits, and who is sent away."""

import contextvars
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from serving.errors import Busy, Stopping, TimedOut
from serving.models import Model
from serving.request import Answer, Request
from serving.settings import Settings
from serving.shell.tasks import client_left
from serving.translator import Translator


@dataclass(eq=False)
class Job:
    """A request with a place; ``outcome`` may be settled before the work ends."""

    request: Request
    has_left: Callable[[], bool]
    outcome: Future[Answer] = field(default_factory=Future)
    started: float | None = None
    """As of `time.monotonic`; None while it waits for a thread."""

    def settle(self, error: Exception) -> None:
        with suppress(InvalidStateError):
            self.outcome.set_exception(error)


class Admission:
    """A translator with a fixed number of places. Safe to call from many threads.

    ``concurrency`` requests are translated side by side and ``queue`` more wait.
    A translation cannot be interrupted: one whose caller was sent away with a
    503 keeps its place until it ends.
    """

    def __init__(self, translator: Translator, settings: Settings) -> None:
        self._translator = translator
        self._timeout = settings.timeout
        self._places = threading.Semaphore(settings.concurrency + settings.queue)
        self._threads = ThreadPoolExecutor(settings.concurrency, "translate")
        self._jobs: set[Job] = set()
        self._lock = threading.Lock()

    @property
    def models(self) -> list[Model]:
        return self._translator.models

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return self._translator.pairs

    def translate(self, request: Request) -> Answer:
        """Raises `Busy`, `TimedOut`, `Stopping`, and what the translator raises."""
        if not self._places.acquire(blocking=False):
            raise Busy("All places are taken. Try again in a second.")
        job = Job(request, client_left.get())
        with self._lock:
            self._jobs.add(job)
        self._threads.submit(contextvars.copy_context().run, self._work, job)
        try:
            return job.outcome.result(self._timeout)
        except TimeoutError:
            job.settle(TimedOut("late"))  # so that nobody starts on it
            raise TimedOut(
                f"The translation took longer than {self._timeout} s. "
                "Send less text at once, or try again."
            ) from None

    def longest(self) -> float:
        """Seconds for which the oldest translation has been running; 0 without any."""
        with self._lock:
            started = [job.started for job in self._jobs if job.started is not None]
        return time.monotonic() - min(started) if started else 0.0

    def abandon(self) -> None:
        """Answer everyone who still waits with `Stopping`."""
        with self._lock:
            jobs = list(self._jobs)
        for job in jobs:
            job.settle(Stopping("The server is stopping. Try again in a second."))

    def _work(self, job: Job) -> None:
        try:
            if not job.outcome.done():
                self._translate(job)
        finally:
            with self._lock:
                self._jobs.discard(job)
            self._places.release()

    def _translate(self, job: Job) -> None:
        if job.has_left():
            job.settle(Stopping("The client has left."))
            return
        job.started = time.monotonic()
        try:
            answer = self._translator.translate(job.request)
        except Exception as error:
            job.settle(error)
        else:
            with suppress(InvalidStateError):
                job.outcome.set_result(answer)
