"""Counts of what each caller used in a period: in this process, or in a store that is shared."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple, Protocol

MAX_COUNTERS = 10_000  # of one process; the longest unused goes first
_KEPT = {86_400: 400 * 86_400}  # seconds past its end that a store keeps a day, to be reported on
_KEPT_ELSE = 86_400


class Count(NamedTuple):
    total: int  # used in the period, this call included
    seconds_left: int  # until the period ends, at least 1
    period: int  # which one: how many such periods had passed since the epoch


class Counters(Protocol):
    """Anything with an atomic conditional add and an expiry: here SQLite and DynamoDB.

    A store also counts how often was added to each counter.
    """

    def add(self, name: str, amount: int, seconds: int, limit: int | None = None) -> Count:
        """Adds to the counter of the current period of `seconds` since the epoch.

        Where the total would exceed `limit`, nothing is added, and the count says what the
        total would have been. An amount of 0 reads.
        """

    def give_back(self, name: str, amount: int, seconds: int, period: int) -> None:
        """Takes the amount from the counter of that period; does nothing once that has passed."""


def kept_until(seconds: int, period: int) -> int:
    """The time at which a store may forget the counts of a period; seconds since the epoch."""
    return (period + 1) * seconds + _KEPT.get(seconds, _KEPT_ELSE)


class LocalCounters:
    """Counters of one process: with several processes or Lambda instances, each has its own."""

    def __init__(self, clock: Callable[[], float] = time.time):
        self._clock = clock
        self._lock = threading.Lock()
        self._totals: OrderedDict[tuple[str, int], tuple[int, int]] = OrderedDict()

    def add(self, name: str, amount: int, seconds: int, limit: int | None = None) -> Count:
        now = self._clock()
        period = int(now // seconds)
        with self._lock:
            used = self._used(name, seconds, period)
            total = used + amount
            if limit is None or total <= limit:
                self._keep(name, seconds, period, total)
        return Count(total, max(1, int((period + 1) * seconds - now)), period)

    def give_back(self, name: str, amount: int, seconds: int, period: int) -> None:
        with self._lock:
            if used := self._used(name, seconds, period):
                self._keep(name, seconds, period, max(0, used - amount))

    def _used(self, name: str, seconds: int, period: int) -> int:
        known, total = self._totals.get((name, seconds), (period, 0))
        return total if known == period else 0

    def _keep(self, name: str, seconds: int, period: int, total: int) -> None:
        self._totals[name, seconds] = (period, total)
        self._totals.move_to_end((name, seconds))
        if len(self._totals) > MAX_COUNTERS:
            self._totals.popitem(last=False)
