"""A connection: how long its requests may take, and how it ends."""

import logging
import socket
import time
from contextvars import ContextVar
from typing import Any

from waitress.channel import HTTPChannel
from waitress.utilities import Error

from serving.lanes.caller import arrived
from serving.lanes.short_tasks import current
from serving.settings import Settings
from serving.wire.arrivals import NoRoom
from serving.wire.parser import RequestTimeout, StrictParser
from serving.wire.stopwatch import Stopwatch
from serving.wire.tasks import JsonErrorTask, Task

log = logging.getLogger(__name__)

_LINGER = 1.0
"""Seconds after an orderly end in which what still arrives is thrown away. A socket
closed with unread data is reset, and the client never sees its answer."""

_SHORT_BODY = 1024
"""Bytes: some twenty sentences, and 2 ms of Python until they wait for the model."""

_SHORT_PATHS = frozenset({"/ping", "/livez", "/invocations"})
"""Of what never waits for anything but a translation."""

serviced: ContextVar["Channel | None"] = ContextVar("serviced", default=None)
"""Whose request this thread answers, if any."""


class Channel(HTTPChannel):
    """Looked after once a second by the server's loop, in its thread."""

    parser_class = StrictParser
    request: StrictParser | None
    task_class = Task
    error_task_class = JsonErrorTask
    logger = logging.getLogger("serving.connection")
    arrived = 0.0
    """When the request to be answered next had come, as of `time.monotonic`."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._receiving = Stopwatch()
        self._sending = Stopwatch()
        self._lingering = Stopwatch()
        self._lingers = False
        self._is_read = False

    @property
    def last_activity(self) -> float:
        """As of `time.monotonic`: waitress sets it to `time.time`, which may be set back."""
        return self._last_activity

    @last_activity.setter
    def last_activity(self, _: float) -> None:
        self._last_activity = time.monotonic()

    def service(self) -> None:
        serviced.set(self)
        arrived.set(self.arrived)
        try:
            super().service()
        except BaseException:  # a request that cannot be answered any more ends its connection
            log.exception("a connection failed")
            self.cancel()
            self.server.wake()
        finally:
            serviced.set(None)

    def readable(self) -> bool:
        # Unset first: a task that ends meanwhile wakes the loop once too often, never too rarely.
        self._is_read = False
        self._is_read = bool(super().readable())
        return self._is_read

    @property
    def needs_loop(self) -> bool:
        """Whether to wake the server's loop: it does not poll this socket for the next request,
        or output is pending. False in the loop's own thread, which looks anyway."""
        return current() is None and (not self._is_read or bool(self.writable()))

    @property
    def is_short(self) -> bool:
        """Whether the next request is refused, a probe, or a translation of a few sentences."""
        request = self.requests[0]
        if request.error:
            return True
        return request.path in _SHORT_PATHS and request.body_bytes_received <= _SHORT_BODY

    @property
    def is_idle(self) -> bool:
        """Whether nothing is owed to the client: no request, no answer on its way."""
        return not (self.requests or self.request or self.total_outbufs_len)

    @property
    def held(self) -> int:
        """Bytes of bodies that have come and are not answered yet."""
        arriving = [self.request] if self.request else []
        return sum(request.body_bytes_received for request in [*self.requests, *arriving])

    def received(self, data: bytes) -> bool:
        taken = bool(super().received(data))
        arriving = self.request
        if arriving and arriving.body_bytes_received and not self.server.has_room(len(data)):
            self._refuse(arriving, NoRoom("Too many bodies are arriving. Try again in a second."))
        return taken

    def enforce(self, settings: Settings, now: float) -> None:
        """End a request that takes too long. ``now``: as of `time.monotonic`."""
        receiving = None if self.requests else self.request
        if receiving and self._receiving.seconds(receiving, now) > settings.receive_timeout:
            self._refuse_slow(receiving, settings)
        sending = self.outbufs[0] if self.total_outbufs_len else None
        if (
            self._sending.seconds(sending, now) > settings.send_timeout
            or self._lingering.seconds(self if self._lingers else None, now) > _LINGER
            or (self.is_idle and now - self.last_activity > settings.idle_timeout)
        ):
            self.handle_close()

    def handle_write(self) -> None:
        if not self.close_when_flushed:
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if self.will_close:
            self.handle_close()
        elif self.connected and not self.total_outbufs_len:
            self._linger()

    def handle_read(self) -> None:
        if self._lingers:
            self._discard()
        else:
            super().handle_read()

    def handle_error(self) -> None:
        """What waitress calls in the loop: its own log line quotes the error's message."""
        log.exception("a connection failed")
        self.handle_close()

    def _refuse_slow(self, request: StrictParser, settings: Settings) -> None:
        sentence = f"The request took longer than {settings.receive_timeout} s to arrive."
        self._refuse(request, RequestTimeout(sentence))

    def _refuse(self, request: StrictParser, error: Error) -> None:
        """Answer ``error`` to the request that is arriving, once it is its turn."""
        request.fail(error)
        with self.requests_lock:
            self.request = None
            self.requests.append(request)
            if len(self.requests) == 1:
                self.server.add_task(self)

    def _linger(self) -> None:
        self.close_when_flushed = False
        self._lingers = True
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.handle_close()

    def _discard(self) -> None:
        try:
            self.recv(self.adj.recv_bytes)  # closes at the end of the stream
        except OSError:
            self.handle_close()
