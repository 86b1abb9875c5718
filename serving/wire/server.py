"""The HTTP server around the app: waitress with explicit limits, and a drain."""

import errno
import logging
import os
import socket
import time
from collections.abc import Callable, Iterable
from copy import copy
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from serving.errors import StartError
from serving.lanes.short_tasks import ShortTasks
from serving.settings import Settings
from serving.wire.arrivals import Arrivals
from serving.wire.channel import Channel, serviced
from serving.wire.dispatcher import Dispatcher
from serving.wire.drain import Drain
from serving.wire.tasks import error_body

ErrorBody = Callable[[str, str, str], bytes]
"""An error document of path, code and message."""

_SPARE_THREADS = 4
"""Threads for lists and pages, which never wait for a translation."""

_LOOK_EVERY = 1.0
"""Seconds between two looks at how long clients take."""

_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_REST = 0.1
"""Seconds without accepting where the system has nothing left for a connection: the kernel
goes on saying that one waits, and the loop would do nothing else."""
_TELL_AGAIN = 60.0  # seconds

_OWN_SOCKETS = 2
"""The listener, and the pipe that wakes the loop: waitress counts them in."""

_FORWARDED = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}

log = logging.getLogger(__name__)

# Says on each request that others wait; admission bounds the queue and logs refusals.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class Server(TcpWSGIServer):
    """Runs in one thread until it is stopped or drained."""

    channel_class = Channel
    error_body: ErrorBody = staticmethod(error_body)
    """Makes the body of an error that the server answers before any app hears of the request."""

    def __init__(self, app: Callable[..., Any], listener: socket.socket, settings: Settings):
        self._settings = settings
        self._drain: Drain | None = None
        self._stopped = False
        self._next_look = 0.0
        self._rests_until = self._next_telling = 0.0
        self._short = ShortTasks(self.wake)
        self._arrivals = Arrivals(max(settings.max_buffered, settings.max_body))
        super().__init__(
            app,
            _sock=listener,
            adj=_adjustments(settings),
            dispatcher=Dispatcher(settings.places + _SPARE_THREADS),
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            bind_socket=False,
        )

    def allow(self, paths: Iterable[str], size: int) -> None:
        """Take bodies of so many bytes at these addresses, if that is more than elsewhere."""
        if size > self._settings.max_body:
            larger = copy(self.adj)
            larger.max_request_body_size = size + 1
            self.adj.larger = dict.fromkeys(paths, larger)
            self._arrivals = Arrivals(max(self._settings.max_buffered, size))

    @property
    def draining(self) -> bool:
        return self._drain is not None

    def drain(self, abandon: Callable[[], None]) -> None:
        """Answer what has come, then return from `run`. Safe to call in a signal handler.

        ``abandon`` is called when the requests still open have run out of time.
        """
        if self._drain is None:
            self._drain = Drain(self._settings.drain_timeout, abandon)
        self.wake()

    def stop(self) -> None:
        """Return from `run` at once, whatever is open."""
        self._stopped = True
        self.wake()

    def run(self) -> None:
        while not self._stopped:
            wait = 0.05 if self.draining else self.adj.asyncore_loop_timeout
            if self._rests():
                wait = min(wait, _REST)
            wait = self._short.seconds_to_rest(wait)
            wasyncore.loop(timeout=wait, use_poll=True, map=self._map, count=1)
            self._short.run()
            self._enforce(time.monotonic())
            if self._drain is not None:
                self._stopped = self._stopped or self._drain.step(self, time.monotonic())

    def readable(self) -> bool:
        return bool(super().readable()) and not self._rests()

    def accept(self) -> Any:
        try:
            return super().accept()
        except OSError as error:
            if error.errno in _EXHAUSTED:
                self._rest(error.errno)
            raise

    def _rests(self) -> bool:
        return time.monotonic() < self._rests_until

    def _rest(self, number: int) -> None:
        now = time.monotonic()
        self._rests_until = now + _REST
        if now >= self._next_telling:
            self._next_telling = now + _TELL_AGAIN
            log.warning("cannot accept a connection: %s", os.strerror(number))

    def wake(self) -> None:
        """Let the loop go round once more. Safe to call in a signal handler."""
        super().pull_trigger()

    def pull_trigger(self) -> None:
        """What waitress calls at the end of every request, of which the loop need not know."""
        channel = serviced.get()
        if channel is None or channel.needs_loop:
            self.wake()

    def add_task(self, channel: Channel) -> None:
        """Have its next request answered: here if that is short, else in a thread."""
        channel.arrived = time.monotonic()
        if channel.is_short:
            self._short.add(channel.service)
        else:
            super().add_task(channel)

    def has_room(self, size: int) -> bool:
        """Whether ``size`` bytes of a body that have just come may be kept."""
        return not self._arrivals.exceed(size, self.active_channels.values())

    def maintenance(self, now: float) -> None:
        """Nothing: waitress calls it with connections half registered for the poll. One
        closed then would leave its event to a new connection of the same number."""

    def _enforce(self, now: float) -> None:
        if now >= self._next_look:
            self._next_look = now + _LOOK_EVERY
            for channel in list(self.active_channels.values()):
                channel.enforce(self._settings, now)

    def accept_all(self) -> None:
        """Take every connection that the kernel has completed already."""
        before = -1
        while before < len(self.active_channels) < self._settings.connections:
            before = len(self.active_channels)
            self.handle_accept()

    def close_listener(self) -> None:
        self.accepting = False
        self.del_channel()
        self.socket.close()


def make_server(app: Callable[..., Any], settings: Settings) -> Server:
    """A bound, not yet running server. Raises `StartError` for an address it cannot have."""
    return Server(app, _listener(settings.host, settings.port), settings)


def address(server: Server) -> str:
    """``http://127.0.0.1:8080``, with the port that was really bound."""
    bound = str(server.effective_host)
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bound, bound)
    return f"http://{_shown(host)}:{server.effective_port}"


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _listener(host: str, port: int) -> socket.socket:
    try:
        return _listen(host, port)
    except OverflowError:
        raise StartError(
            f"There is no port {port}. Choose one from 0 to 65535 with --port."
        ) from None
    except (OSError, UnicodeError) as error:
        raise StartError(_why_not(host, port, getattr(error, "errno", None))) from error


def _why_not(host: str, port: int, number: int | None) -> str:
    # Python numbers what the resolver says below zero (EAI_NONAME and the like).
    if number is None or number < 0 or number == errno.EADDRNOTAVAIL:
        return f"{host!r} is no address of this machine. Choose another with --host."
    return (
        f"Cannot listen on {_shown(host)}:{port}: {os.strerror(number)}. "
        "Stop what listens there, or choose another with --port."
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=1024)


def _adjustments(settings: Settings) -> Adjustments:
    return Adjustments(
        connection_limit=settings.connections + _OWN_SOCKETS,
        # waitress refuses at the number itself; our limits are what is still allowed.
        max_request_body_size=settings.max_body + 1,
        max_request_header_size=settings.max_headers + 1,
        inbuf_overflow=settings.max_body + 2,
        # Reading on while a request is served is what shows that its client has left.
        channel_request_lookahead=1,
        clear_untrusted_proxy_headers=True,
        **_trust(settings.trusted_proxy),
        log_socket_errors=False,
        ident=None,
    )


def _trust(proxy: str) -> dict[str, Any]:
    """waitress's settings that trust the headers of one proxy, the last of several."""
    if not proxy:
        return {}
    return {"trusted_proxy": proxy, "trusted_proxy_count": 1, "trusted_proxy_headers": _FORWARDED}
