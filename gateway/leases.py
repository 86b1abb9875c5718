"""Counts taken from a store in blocks, so that most requests need no write."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from gateway.counters import MAX_COUNTERS, Count, Counters

SHARE = 20  # of a limit a block is this part: so much, an instance may keep unused, is not used
LARGEST = 60  # requests of a block
LONGEST = 60  # seconds of the periods that are leased; days are counted exactly


class _Lease(NamedTuple):
    period: int
    left: int
    is_spent: bool  # nothing was left in the store


class LeasedCounters:
    """Adds of 1 to short periods take a block of the limit, and are served from it.

    Never more than the limit is let through; where an instance keeps a block that it does not
    use up, a little less is. What is refused is refused from here on, without asking.
    """

    def __init__(self, counters: Counters, clock: Callable[[], float] = time.time):
        self._counters = counters
        self._clock = clock
        self._lock = threading.Lock()
        self._leases: OrderedDict[tuple[str, int], _Lease] = OrderedDict()

    def add(self, name: str, amount: int, seconds: int, limit: int | None = None) -> Count:
        if amount != 1 or seconds > LONGEST or limit is None:
            return self._counters.add(name, amount, seconds, limit)
        now = self._clock()
        period = int(now // seconds)
        left_over = max(1, int((period + 1) * seconds - now))
        with self._lock:
            lease = self._leases.get((name, seconds))
            if lease and lease.period == period and (lease.left or lease.is_spent):
                if lease.left:
                    self._keep(name, seconds, lease._replace(left=lease.left - 1))
                return Count(limit if lease.left else limit + 1, left_over, period)
        return self._take(name, seconds, limit)

    def give_back(self, name: str, amount: int, seconds: int, period: int) -> None:
        self._counters.give_back(name, amount, seconds, period)

    def _take(self, name: str, seconds: int, limit: int) -> Count:
        """Take a block, or a single request where the limit has no room for a block."""
        block = max(1, min(LARGEST, limit // SHARE))
        count = self._counters.add(name, block, seconds, limit)
        if count.total > limit and block > 1:
            block = 1
            count = self._counters.add(name, block, seconds, limit)
        is_spent = count.total > limit
        with self._lock:
            known = self._leases.get((name, seconds))
            left = known.left if known and known.period == count.period else 0
            lease = _Lease(count.period, left + (0 if is_spent else block - 1), is_spent)
            self._keep(name, seconds, lease)
        return count

    def _keep(self, name: str, seconds: int, lease: _Lease) -> None:
        self._leases[name, seconds] = lease
        self._leases.move_to_end((name, seconds))
        if len(self._leases) > MAX_COUNTERS:
            self._leases.popitem(last=False)
