"""Asking again: a service that starts from zero or is full says 503 or 429 for a while."""

import random
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from client.errors import Busy, ServiceFailed
from client.progress import note

T = TypeVar("T")
_LONGEST_PAUSE = 10.0


class Patience:
    """Repeats a call that ends in `Busy`, for up to ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._told = False

    def call(self, function: Callable[[], T]) -> T:
        """Raises `ServiceFailed` when the time is up; every other failure at once."""
        end = time.monotonic() + self.seconds
        pause = 0.5
        while True:
            try:
                return function()
            except Busy as busy:
                wait = busy.retry_after or pause * random.uniform(0.5, 1.0)  # noqa: S311
                if time.monotonic() + wait > end:
                    raise ServiceFailed(self._given_up(busy)) from busy
            self._tell()
            time.sleep(wait)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _given_up(self, busy: Busy) -> str:
        return f"{busy} (tried for {self.seconds:g} s; --patience SECONDS sets how long)"

    def _tell(self) -> None:
        if not self._told and sys.stderr.isatty():
            note(f"The service is starting or busy; asking again for {self.seconds:g} s.")
        self._told = True
