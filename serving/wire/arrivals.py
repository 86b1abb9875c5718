"""How much of all requests' bodies a server holds at a time."""

from collections.abc import Iterable
from typing import Protocol

from waitress.utilities import Error


class NoRoom(Error):
    code, reason = 503, "Service Unavailable"


class Holder(Protocol):
    @property
    def held(self) -> int:
        """Bytes of bodies that have come and are not answered yet."""


class Arrivals:
    """Bounds the bodies that all connections hold together.

    Counts what arrives, and asks the connections only where that would be too much: what was
    answered meanwhile, or left, need not be reported by anybody.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0

    def exceed(self, size: int, holders: Iterable[Holder]) -> bool:
        """Whether ``size`` bytes that have just come to one of ``holders`` are too many."""
        self._held += size
        if self._held > self._limit:
            self._held = sum(holder.held for holder in holders)
        return self._held > self._limit
