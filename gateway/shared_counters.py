"""The counters that the settings ask for; where their store fails, nobody is turned away."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from gateway.counters import Count, Counters, LocalCounters
from gateway.dynamodb_counters import DynamoDbCounters
from gateway.emf import embedded
from gateway.envelope import LOG
from gateway.errors import SettingsError
from gateway.leases import LeasedCounters
from gateway.settings import Settings

TABLE = "dynamodb:"  # before a table's name, where a setting may also name a file
PAUSE = 5.0  # seconds for which a store that failed is left alone


def open_counters(settings: Settings) -> Counters:
    """Raises SettingsError for a file that cannot be used.

    Without keys callers are known by their addresses, which are kept in no store.
    """
    if not settings.counts or settings.auth == "none":
        return LocalCounters()
    if settings.counts.startswith(TABLE):
        table = DynamoDbCounters(settings.counts.removeprefix(TABLE))
        return FailOpen(
            LeasedCounters(table), prepare=table.prepare, namespace=settings.metrics_namespace
        )
    import sqlite3  # not at the top: no function needs it

    from gateway.sqlite_counters import SqliteCounters

    try:
        return FailOpen(SqliteCounters(Path(settings.counts)))
    except (OSError, sqlite3.Error) as error:
        raise SettingsError(
            f"GATEWAY_COUNTS is {settings.counts!r}, where no counts can be kept: {error}."
            " Name a file in a folder that this process may write to."
        ) from error


class FailOpen:
    """Counters of a store; while it cannot be asked, those of this process take its place."""

    def __init__(
        self,
        counters: Counters,
        clock: Callable[[], float] = time.monotonic,
        prepare: Callable[[], None] = lambda: None,
        namespace: str = "",
    ):
        """`namespace` is that of the metric which a failure leaves."""
        self._counters = counters
        self._clock = clock
        self._own = LocalCounters()
        self._again = 0.0  # when the store is asked again
        self.prepare = prepare
        self._namespace = namespace

    def add(self, name: str, amount: int, seconds: int, limit: int | None = None) -> Count:
        if self._clock() >= self._again:
            try:
                return self._counters.add(name, amount, seconds, limit)
            except Exception as error:
                self._pause(error)
        return self._own.add(name, amount, seconds, limit)

    def give_back(self, name: str, amount: int, seconds: int, period: int) -> None:
        if self._clock() >= self._again:
            try:
                return self._counters.give_back(name, amount, seconds, period)
            except Exception as error:
                self._pause(error)
        return self._own.give_back(name, amount, seconds, period)

    def _pause(self, error: Exception) -> None:
        self._again = self._clock() + PAUSE
        fields = {"message": "counters failed", "error": type(error).__name__}
        fields |= embedded(self._namespace, {}, {"CountsFailed": 1})
        LOG.log(logging.WARNING, "counters failed", extra={"fields": fields})
