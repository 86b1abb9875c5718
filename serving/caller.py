"""Whom a request is answered to, and for how long that makes sense."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from serving.errors import ServingError, Stopping, TimedOut


def _never() -> bool:
    return False


@dataclass(frozen=True, eq=False)
class Caller:
    """Waits ``seconds`` from its making on, and may leave before."""

    seconds: float = math.inf
    has_left: Callable[[], bool] = _never
    started: float = field(default_factory=time.monotonic)

    def patience(self) -> float | None:
        """Seconds left, maybe negative; None for no end."""
        left = self.started + self.seconds - time.monotonic()
        return None if math.isinf(left) else left

    def timed_out(self) -> TimedOut:
        return TimedOut(
            f"The translation took longer than {self.seconds:g} s. "
            "Send less text at once, or try again."
        )

    def why_not(self) -> ServingError | None:
        """Why work for it should not be started any more."""
        if (left := self.patience()) is not None and left <= 0:
            return self.timed_out()
        return Stopping("The client has left.") if self.has_left() else None
