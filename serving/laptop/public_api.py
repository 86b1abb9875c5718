"""The public API beside the container contract, on one port.

The image holds no `gateway/`, so the container serves the contract alone.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Optional
from urllib.parse import urlsplit

from serving.contract.answers import refuse
from serving.errors import Forbidden, ServingError, StartError
from serving.lanes.caller import arrived
from serving.lanes.turns import is_large
from serving.laptop.loopback import is_loopback
from serving.metrics import Metrics
from serving.service.admission import Admission
from serving.wire.tasks import error_body

if TYPE_CHECKING:
    from gateway.counters import Counters
    from gateway.envelope import Seen
    from gateway.settings import Settings

Wsgi = Callable[..., Any]
PROBES = frozenset({"/ping", "/livez"})
LISTS = frozenset({"/execution-parameters", "/metrics", "/models"})
CONTRACT = LISTS | {"/invocations"}
FILES = frozenset({"/translate_file", "/v2/document"})
"""A file takes long: each part of it has a place, a turn and a time of its own, and other large
requests go on meanwhile."""
_ORIGINS, _AUTH = "GATEWAY_CORS_ORIGINS", "GATEWAY_AUTH"


@dataclass(frozen=True)
class PublicApi:
    """Page and API, once there is a translator for them."""

    settings: "Settings"
    counters: "Counters"

    @classmethod
    def prepare(cls, host: str) -> Optional["PublicApi"]:
        """None where this process does not offer the API on `host`.

        Without keys that is everywhere but on the loopback interface, unless
        `GATEWAY_AUTH=none` says otherwise. Raises `StartError` for a gateway setting
        that cannot be used.
        """
        if find_spec("gateway") is None:
            return None
        from gateway.errors import SettingsError
        from gateway.settings import Settings
        from gateway.shared_counters import open_counters

        try:
            settings = Settings.from_environment(os.environ)
            if _is_open(settings):
                settings = replace(settings, auth="none")
                if not _may_be_open(host, settings):
                    return None
            counters = open_counters(settings)
        except SettingsError as error:
            raise StartError(str(error)) from error
        if settings.auth == "none" and is_loopback(host) and _ORIGINS not in os.environ:
            settings = replace(settings, cors_origins=())
        settings = replace(settings, glossaries=settings.glossaries or _own_file())
        return cls(settings, counters)

    @staticmethod
    def why_not(host: str) -> str | None:
        """Why `prepare` made none on `host`, and what to do; None where there is no gateway."""
        if find_spec("gateway") is None:
            return None
        where = os.environ.get("GATEWAY_URL") or host
        return (
            f"there are no API keys, and others can reach {where}. Set GATEWAY_API_KEYS or "
            "GATEWAY_API_KEYS_FILE (docs/api.md, Keys and limits), or GATEWAY_AUTH=none to let "
            "everybody translate who reaches it."
        )

    @property
    def largest_body(self) -> int:
        """In bytes: a file's, with its form."""
        from gateway.files import FORM

        return self.settings.file_limit + FORM if self.settings.files else 0

    @property
    def needs_key(self) -> bool:
        return self.settings.auth == "keys"

    @property
    def origins(self) -> tuple[str, ...]:
        """Whose pages may use the server; where a key is needed, those of whoever has one."""
        own = urlsplit(self.settings.url)
        page = (f"{own.scheme}://{own.netloc}",) if self.settings.url else ()
        return (*self.settings.cors_origins, *page) if self.settings.auth == "none" else ("*",)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Names by which a proxy may call the server."""
        name = urlsplit(self.settings.url).hostname
        return (name,) if name else ()

    def error_body(self, path: str, code: str, message: str) -> bytes:
        """An error of the server itself, in the form of the interface that `path` belongs to.

        A request that is refused before its address is read has none: it is the container's.
        """
        from gateway.dialect import dialect_of

        if not path or path in CONTRACT | PROBES:
            return error_body(path, code, message)
        return json.dumps(dialect_of(path).body(message)).encode()

    def around(self, contract: Wsgi, translator: Admission) -> Wsgi:
        """`contract` with the API around it.

        Where keys are needed, the contract's lists need one too, and `/invocations`, which
        knows none, is not offered.
        """
        ours = CONTRACT
        if self.settings.auth == "keys":
            ours, contract = LISTS, self._with_key(contract)
        api = _MadeOnce(lambda: self._make(translator))

        def mounted(environ: dict[str, Any], start_response: Any) -> Any:
            if environ.get("PATH_INFO") in ours:
                return contract(environ, start_response)
            is_file = environ.get("PATH_INFO") in FILES
            if is_file:
                arrived.set(None)
            size = _unpacked_size(environ)
            if is_file or not is_large(size):
                return api.get()(environ, start_response)
            try:
                with translator.place(size):
                    return api.get()(environ, start_response)
            except ServingError as error:  # the API itself answers whatever its code raises
                return self._refusal(error)(environ, start_response)

        return mounted

    def _refusal(self, error: ServingError) -> Wsgi:
        """The answer of a refusal, in the words of the dialect that the path belongs to."""
        from gateway.dialect import dialect_of
        from gateway.envelope import Envelope

        def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
            body = json.dumps(dialect_of(environ["PATH_INFO"]).body(error.message)).encode()
            headers = [
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(body))),
                ("Retry-After", str(error.retry_after)),
            ]
            start_response(f"{error.status} Service Unavailable", headers)
            return [body]

        return Envelope(answer, self.settings.cors_origins)

    def _with_key(self, app: Wsgi) -> Wsgi:
        from gateway.keys import Keyring, key_in_headers

        keyring = Keyring(self.settings.api_keys)

        def locked(environ: dict[str, Any], start_response: Any) -> Any:
            if keyring.name_of(key_in_headers(environ)) is None:
                return refuse(Forbidden("Send a valid API key as X-API-Key."), start_response)
            return app(environ, start_response)

        return locked

    def _make(self, translator: Admission) -> Wsgi:
        from gateway.app import make_app
        from serving.laptop.local_backend import LocalBackend

        return make_app(
            LocalBackend(translator), self.settings, self.counters, _counting(translator.metrics)
        )


def _counting(metrics: Metrics) -> "Callable[[Seen], None]":
    def count(seen: "Seen") -> None:
        how = seen.status, seen.seconds, seen.characters or None
        metrics.count_request(seen.pair, seen.dialect, *how)

    return count


class _MadeOnce:
    """The API, made when it is first asked for: the contract is ready sooner.

    All callers get the same one: files, counters and warmth live in it.
    """

    def __init__(self, make: Callable[[], Wsgi]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: Wsgi | None = None

    def get(self) -> Wsgi:
        if self._made is None:
            with self._lock:
                if self._made is None:
                    self._made = self._make()
        return self._made


def _unpacked_size(environ: dict[str, Any]) -> int:
    """Bytes of the body once it is unpacked, at most."""
    if environ.get("HTTP_CONTENT_ENCODING"):
        return sys.maxsize
    return int(environ.get("CONTENT_LENGTH") or 0)


def _is_open(settings: "Settings") -> bool:
    """Whether no keys are configured, and GATEWAY_AUTH does not ask for them."""
    return settings.auth == "none" or (not settings.api_keys and _AUTH not in os.environ)


def _may_be_open(host: str, settings: "Settings") -> bool:
    """Whether only this machine reaches the API, or GATEWAY_AUTH says that it may be open."""
    return _AUTH in os.environ or (is_loopback(host) and not settings.url)


def _own_file() -> str:
    """A file of the user's, for the glossaries to outlive a restart (XDG base directories)."""
    home = os.environ.get("HOME")
    state = os.environ.get("XDG_STATE_HOME") or (f"{home}/.local/state" if home else "")
    return f"{state}/serverless-translation/glossaries.sqlite3" if state else ""
