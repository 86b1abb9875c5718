"""What every answer carries, whatever made it: request id, CORS, safe headers, one log line."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

from gateway import cors

LOG = logging.getLogger("gateway.access")
REQUEST_ID, NOTES = "gateway.request_id", "gateway.notes"  # names in the WSGI environment
_SECRET = re.compile(r"(?<=download_file/).+|[^/]{30,}", re.DOTALL)  # a file's link; no route
_GOOD_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SAFE = [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")]
_ALLOWED = [
    ("Access-Control-Allow-Methods", ", ".join(cors.METHODS)),
    ("Access-Control-Allow-Headers", ", ".join(cors.REQUEST_HEADERS)),
    ("Access-Control-Max-Age", str(cors.MAX_AGE)),
]
_EXPOSED = ("Access-Control-Expose-Headers", ", ".join(cors.ANSWER_HEADERS))

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]


class Envelope:
    """WSGI around the app; answers CORS preflights itself."""

    def __init__(self, app: Wsgi, cors_origins: Iterable[str]):
        self._app = app
        self._origins = set(cors_origins)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        started = time.monotonic()
        environ[REQUEST_ID] = _request_id(environ)
        environ[NOTES] = {"path": _path(environ)}
        extra = self._headers(environ)

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            _log(environ, int(status.split()[0]), time.monotonic() - started)
            return start_response(status, headers + extra, exc_info)

        if environ["REQUEST_METHOD"] == "OPTIONS":
            start("204 No Content", list(_ALLOWED))
            return [b""]
        return self._app(environ, start)

    def _headers(self, environ: dict[str, Any]) -> Headers:
        request_id = environ[REQUEST_ID]
        known = [("X-Request-ID", request_id), ("X-Trace-ID", request_id), *_SAFE]
        if "*" in self._origins:
            return [*known, ("Access-Control-Allow-Origin", "*"), _EXPOSED]
        origin = environ.get("HTTP_ORIGIN", "")
        if origin in self._origins:
            return [*known, ("Access-Control-Allow-Origin", origin), ("Vary", "Origin"), _EXPOSED]
        return [*known, ("Vary", "Origin")] if self._origins else known


def _request_id(environ: dict[str, Any]) -> str:
    """The caller's own id if it is a harmless word, else a new one."""
    given = environ.get("HTTP_X_REQUEST_ID", "")
    return given if _GOOD_ID.fullmatch(given) else secrets.token_hex(8)


def _path(environ: dict[str, Any]) -> str:
    """Read before the app is called: Bottle decodes PATH_INFO in place. Without secrets."""
    raw: str = environ.get("PATH_INFO", "")[:1000]
    path = raw.encode("latin-1", "replace").decode("utf-8", "replace")
    return _SECRET.sub("…", path)[:100]


def _log(environ: dict[str, Any], status: int, seconds: float) -> None:
    """Never a text, a key, a query or an address."""
    line = {
        "request_id": environ[REQUEST_ID],
        "method": environ["REQUEST_METHOD"],
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
        **environ[NOTES],
    }
    LOG.info("request", extra={"fields": line})
