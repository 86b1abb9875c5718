"""The client that waits for an answer, and its deadline."""

import math
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

from serving.errors import ServingError, Stopping, TimedOut


def _never() -> bool:
    return False


client_left: ContextVar[Callable[[], bool]] = ContextVar("client_left", default=_never)
"""Whether the client of the request that this thread serves has closed its connection."""

arrived: ContextVar[float | None] = ContextVar("arrived", default=None)
"""When the request that this thread serves had come, as of `time.monotonic`: it may have waited
for the thread."""


@dataclass(frozen=True, eq=False)
class Caller:
    """A client that waits until ``seconds`` after ``started``, or until its connection closes."""

    seconds: float = math.inf
    has_left: Callable[[], bool] = _never
    started: float = field(default_factory=time.monotonic)

    def seconds_left(self) -> float | None:
        """Seconds until the deadline, at least 0; None without a deadline."""
        left = self.started + self.seconds - time.monotonic()
        return None if math.isinf(left) else max(0.0, left)

    def timed_out(self) -> TimedOut:
        return TimedOut(
            f"The translation took longer than {self.seconds:g} s. "
            "Send less text at once, or try again."
        )

    def why_not(self) -> ServingError | None:
        """The error that makes new work for this client pointless; None while the client waits."""
        if self.seconds_left() == 0:
            return self.timed_out()
        return Stopping("The client has left.") if self.has_left() else None
