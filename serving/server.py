"""The HTTP server around the app: waitress with explicit limits."""

import socket
from collections.abc import Callable
from typing import Any

import waitress.server

from serving.errors import StartError
from serving.settings import Settings


def make_server(app: Callable[..., Any], settings: Settings) -> Any:
    """A bound, not yet running waitress server. Raises `StartError` for a taken port."""
    try:
        return waitress.server.create_server(
            app,
            sockets=[_listen(settings.host, settings.port)],
            threads=8,
            ident=None,
            max_request_body_size=settings.max_body,
            inbuf_overflow=settings.max_body + 1,
            clear_untrusted_proxy_headers=True,
        )
    except OSError as error:
        raise StartError(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
            "Stop what listens there, or choose another with --port."
        ) from error


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=1024)


def address(server: Any) -> str:
    """``http://127.0.0.1:8080``, with the port that was really bound."""
    host, port = server.effective_host, server.effective_port
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
    return f"http://{shown}:{port}"
