"""How the server leaves without losing a request."""

import logging
from collections.abc import Callable
from typing import Any

from serving.wire.syn_filter import drop_new_connections

log = logging.getLogger(__name__)

_ACCEPT = 0.5
"""Seconds in which new connections are still taken: callers that have not noticed yet."""
_HANDSHAKE = 0.1
"""Seconds for connections that were being opened when the listener went deaf."""
_QUIET = 0.5
"""Seconds after which a kept-alive connection without a request is closed."""
_ABANDON = 1.0
"""Seconds for the answers of those whose time has run out."""


class Drain:
    """Steps, each in the server's loop, until nobody waits for an answer.

    The listener is closed from the loop's thread, right after the kernel's queue
    of completed connections was emptied: else those would be reset.
    """

    def __init__(self, seconds: float, abandon: Callable[[], None]) -> None:
        self._seconds = seconds
        self._abandon: Callable[[], None] | None = abandon
        self._started = self._deaf = self._closed = 0.0

    def step(self, server: Any, now: float) -> bool:
        """Whether all is done. ``now``: as of `time.monotonic`."""
        if not self._started:
            self._started = now
            connections = len(server.active_channels)
            log.info("draining", extra={"fields": {"connections": connections}})
        if not self._closed:
            self._close_listener(server, now)
            return False
        if now - self._closed > _QUIET:
            for channel in [c for c in server.active_channels.values() if c.is_idle]:
                channel.handle_close()
        if not server.active_channels:
            return True
        return self._out_of_time(len(server.active_channels), now)

    def _close_listener(self, server: Any, now: float) -> None:
        if not self._deaf and now - self._started >= _ACCEPT:
            drop_new_connections(server.socket)
            self._deaf = now
        elif self._deaf and now - self._deaf >= _HANDSHAKE:
            server.accept_all()
            server.close_listener()
            self._closed = now

    def _out_of_time(self, channels: int, now: float) -> bool:
        if now - self._started < self._seconds:
            return False
        if self._abandon is not None:
            log.error("drain: out of time", extra={"fields": {"connections": channels}})
            self._abandon()
            self._abandon = None
        return now - self._started > self._seconds + _ABANDON
