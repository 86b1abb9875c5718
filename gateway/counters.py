"""Counts of what each caller used in a period: in this process, or in a store that is shared."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol


class Count(NamedTuple):
    total: int  # used in the current period, this call included
    seconds_left: int  # until the period ends, at least 1


class Counters(Protocol):
    """Anything with an atomic add and an expiry will do: Redis' INCRBY, DynamoDB's ADD."""

    def add(self, name: str, amount: int, period: int) -> Count:
        """Adds to the counter of the current period of `period` seconds since the epoch.

        An amount of 0 reads; a negative one gives back.
        """


class LocalCounters:
    """Counters of one process: with several processes or Lambda instances, each has its own."""

    def __init__(self, clock: Callable[[], float] = time.time):
        self._clock = clock
        self._lock = threading.Lock()
        self._totals: dict[tuple[str, int], tuple[int, float]] = {}  # (total, end of period)

    def add(self, name: str, amount: int, period: int) -> Count:
        now = self._clock()
        end = (now // period + 1) * period
        with self._lock:
            total, known_end = self._totals.get((name, period), (0, end))
            total = max(0, (total if known_end == end else 0) + amount)
            self._totals[name, period] = (total, end)
            self._forget(now)
        return Count(total, max(1, int(end - now)))

    def _forget(self, now: float) -> None:
        if len(self._totals) > 10_000:
            self._totals = {k: v for k, v in self._totals.items() if v[1] > now}
