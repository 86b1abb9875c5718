"""What one caller may use: requests a minute, characters a day, and the size of a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.counters import Counters
from gateway.errors import GatewayError
from gateway.settings import CHARACTERS, RATE, Settings

MINUTE, DAY = 60, 86_400
LONGEST_WAIT = 300  # seconds that a caller without quota is told to wait


@dataclass(frozen=True)
class Charge:
    """Characters that a client was charged with; calling it gives them back, to their day."""

    counters: Counters
    client: str
    characters: int
    day: int  # since the epoch

    def __call__(self) -> None:
        self.counters.give_back(_characters_of(self.client), self.characters, DAY, self.day)


class Limits:
    def __init__(self, settings: Settings, counters: Counters):
        self._settings = settings
        self._counters = counters

    def count_request(self, client: str) -> None:
        """Raises 429 beyond the client's requests per minute."""
        limit = self._own(client, RATE, self._settings.rate_limit)
        if not limit:
            return
        count = self._counters.add(f"requests:{client}", 1, MINUTE, limit)
        if count.total > limit:
            message = f"Slowdown: {limit} per 1 minute."
            raise GatewayError(429, "rate_limited", message, count.seconds_left)

    def charge(self, client: str, characters: int) -> Charge:
        """Charge a client. Raises `quota_exceeded`, charging nothing, beyond the day's limit."""
        limit = self.daily_characters(client)
        count = self._counters.add(_characters_of(client), characters, DAY, limit or None)
        if limit and count.total > limit:
            message = f"Slowdown: the quota of {limit} characters a day is used up."
            # Clients sleep through it: nobody should for a day, for the quota may be raised.
            wait = min(count.seconds_left, LONGEST_WAIT)
            raise GatewayError(429, "quota_exceeded", message, wait)
        return self.charged(client, characters, count.period)

    def charged(self, client: str, characters: int, day: int) -> Charge:
        """The charge that `charge` returned, in whichever process."""
        return Charge(self._counters, client, characters, day)

    def daily_characters(self, client: str) -> int:
        """The client's limit of characters a day; 0 for none."""
        return self._own(client, CHARACTERS, self._settings.daily_characters)

    def _own(self, client: str, limit: str, otherwise: int) -> int:
        return self._settings.key_limits.get(client, {}).get(limit, otherwise)

    def today(self, client: str) -> tuple[int, int]:
        """Characters charged today, and which day that is: days since the epoch."""
        count = self._counters.add(_characters_of(client), 0, DAY)
        return count.total, count.period

    def check_size(self, texts: Sequence[str], maximum: int | None = None) -> None:
        """Raises 413 for too many texts (`maximum`, or the setting), or characters of one."""
        maximum = self._settings.batch_limit if maximum is None else maximum
        if len(texts) > maximum:
            message = f"Invalid request: {len(texts)} texts exceed the limit of {maximum}"
            raise GatewayError(413, "too_many_texts", message)
        size, limit = max(map(len, texts), default=0), self._settings.character_limit
        if size > limit:
            message = f"Invalid request: request ({size}) exceeds text limit ({limit})"
            raise GatewayError(413, "text_too_long", message)


def _characters_of(client: str) -> str:
    """The name of the counter of a client's characters."""
    return f"characters:{client}"
