"""What every answer carries, whatever made it: request id, warnings, CORS, one log line."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gateway import cors
from gateway.dialect import dialect_of
from gateway.emf import embedded

LOG = logging.getLogger("gateway.access")
# Names in the WSGI environment.
REQUEST_ID, NOTES, PAIRS = "gateway.request_id", "gateway.notes", "gateway.pairs"
WARNINGS = "gateway.warnings"
TRANSLATIONS = frozenset({"/", "/translate", "/translate_file", "/v2/translate"})
_TRACE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_SECRET = re.compile(
    r"(?<=download_file/).+|[^/]{30,}", re.DOTALL
)  # the secret of a file's link, and what no route is as long as
_GOOD_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")  # of a warning: a handler may call one anything
_MAX_CODES = 20
_SAFE = [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")]
_ALLOWED = [
    ("Access-Control-Allow-Methods", ", ".join(cors.METHODS)),
    ("Access-Control-Allow-Headers", ", ".join(cors.REQUEST_HEADERS)),
    ("Access-Control-Max-Age", str(cors.MAX_AGE)),
]
_EXPOSED = ("Access-Control-Expose-Headers", ", ".join(cors.ANSWER_HEADERS))

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Seen:
    """What a translation request was, in figures and words of ours only."""

    is_translation: bool
    pair: str  # en_de; `none` where nothing was translated, `several` where texts differ in it
    dialect: str
    status: int
    seconds: float
    characters: int


class Envelope:
    """WSGI around the app; answers CORS preflights itself."""

    def __init__(
        self,
        app: Wsgi,
        cors_origins: Iterable[str],
        see: Callable[[Seen], None] = lambda seen: None,
        namespace: str = "",
    ):
        """`see` hears of each translation request; with a `namespace` its log line has the
        metrics of CloudWatch."""
        self._app = app
        self._origins = set(cors_origins)
        self._see = see
        self._namespace = namespace

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        started = time.monotonic()
        environ[REQUEST_ID] = _request_id(environ)
        environ[NOTES] = {"path": _path(environ)}
        extra = self._headers(environ)

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            seen = _seen(environ, int(status.split()[0]), time.monotonic() - started)
            _log(environ, seen, self._namespace)
            if seen.is_translation:
                self._see(seen)
            return start_response(status, headers + _warnings(environ) + extra, exc_info)

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


def _warnings(environ: dict[str, Any]) -> Headers:
    """Of all translations in the answer, each once: whatever body the client understands."""
    codes = [code for code in environ.get(WARNINGS, ()) if _CODE.fullmatch(code)]
    return [("X-Translation-Warnings", ", ".join(codes[:_MAX_CODES]))] if codes else []


def _request_id(environ: dict[str, Any]) -> str:
    """The caller's own id if it is a harmless word, else a new one."""
    given = environ.get("HTTP_X_REQUEST_ID", "")
    return given if _GOOD_ID.fullmatch(given) else secrets.token_hex(8)


def trace_of(environ: dict[str, Any]) -> str:
    """The caller's `traceparent` (W3C Trace Context); empty where there is none."""
    given = environ.get("HTTP_TRACEPARENT", "")
    return given if _TRACE.fullmatch(given) else ""


def _metrics(seen: Seen) -> dict[str, float]:
    """The request's metrics by CloudWatch's names."""
    failed = 1 if seen.status >= 500 else 0
    found: dict[str, float] = {"Requests": 1, "Failures": failed}
    found["RequestSeconds"] = round(seen.seconds, 4)
    return found | {"Characters": seen.characters}


def _path(environ: dict[str, Any]) -> str:
    """The path without secrets, read before the app is called: Bottle decodes it in place."""
    raw: str = environ.get("PATH_INFO", "")[:1000]
    path = raw.encode("latin-1", "replace").decode("utf-8", "replace")
    return _SECRET.sub("…", path)[:100]


def _seen(environ: dict[str, Any], status: int, seconds: float) -> Seen:
    notes = environ[NOTES]
    pairs = environ.get(PAIRS, ())
    return Seen(
        is_translation=environ["REQUEST_METHOD"] == "POST" and notes["path"] in TRANSLATIONS,
        pair=next(iter(pairs)) if len(pairs) == 1 else "several" if pairs else "none",
        dialect=dialect_of(notes["path"]).name,
        status=status,
        seconds=seconds,
        characters=notes.get("characters", 0),
    )


def _log(environ: dict[str, Any], seen: Seen, namespace: str) -> None:
    """Log the request's line: never a text, a key, a query or an address."""
    line = {
        "request_id": environ[REQUEST_ID],
        "method": environ["REQUEST_METHOD"],
        "status": seen.status,
        "milliseconds": round(seen.seconds * 1000, 1),
        **environ[NOTES],
    }
    if traceparent := trace_of(environ):
        line["traceparent"] = traceparent
    if seen.is_translation:
        dimensions = {"Pair": seen.pair, "Dialect": seen.dialect}
        line |= embedded(namespace, dimensions, _metrics(seen))
    LOG.info("request", extra={"fields": line})
