"""Counts in a file: a restart forgets none, and processes of one machine share them."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

from gateway.counters import Count, kept_until

_WAIT = 0.5  # seconds for another process's write
_TABLE = """
CREATE TABLE IF NOT EXISTS counts (
    name TEXT, seconds INTEGER, period INTEGER, total INTEGER, times INTEGER, kept_until INTEGER,
    PRIMARY KEY (name, seconds, period)
) WITHOUT ROWID
"""
_ADD = """
INSERT INTO counts
SELECT :name, :seconds, :period, :amount, 1, :kept_until WHERE :limit IS NULL OR :amount <= :limit
ON CONFLICT DO UPDATE SET total = total + :amount, times = times + 1
WHERE :limit IS NULL OR total + :amount <= :limit
RETURNING total
"""
_READ = "SELECT total FROM counts WHERE name = ? AND seconds = ? AND period = ?"
_GIVE_BACK = """
UPDATE counts SET total = max(0, total - :amount), times = max(0, times - 1)
WHERE name = :name AND seconds = :seconds AND period = :period
"""
_FORGET = "DELETE FROM counts WHERE kept_until < ?"


class SqliteCounters:
    """Raises `sqlite3.Error` or `OSError` where the file cannot be used.

    Written ahead of the file proper, without waiting for the disk: what the process is told to
    have been counted outlives it, not a power failure.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time):
        self._clock = clock
        self._lock = threading.Lock()
        self._forgotten = 0  # the day on which the oldest were deleted last
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(
            path, timeout=_WAIT, isolation_level=None, check_same_thread=False
        )
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = NORMAL")
        self._file.execute(_TABLE)

    def add(self, name: str, amount: int, seconds: int, limit: int | None = None) -> Count:
        now = self._clock()
        period = int(now // seconds)
        row = {"name": name, "seconds": seconds, "period": period, "amount": amount}
        row |= {"limit": limit, "kept_until": kept_until(seconds, period)}
        with self._lock:
            added = self._file.execute(_ADD, row).fetchall() if amount else []
            total = added[0][0] if added else self._read(name, seconds, period) + amount
            self._forget(now)
        return Count(total, max(1, int((period + 1) * seconds - now)), period)

    def give_back(self, name: str, amount: int, seconds: int, period: int) -> None:
        row = {"name": name, "seconds": seconds, "period": period, "amount": amount}
        with self._lock:
            self._file.execute(_GIVE_BACK, row)

    def _read(self, name: str, seconds: int, period: int) -> int:
        found = self._file.execute(_READ, (name, seconds, period)).fetchone()
        return int(found[0]) if found else 0

    def _forget(self, now: float) -> None:
        """Delete old counts, once a day."""
        if (today := int(now // 86_400)) != self._forgotten:
            self._file.execute(_FORGET, (int(now),))
            self._forgotten = today
