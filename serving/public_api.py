"""The public API beside the container contract, on one port.

The image holds no `gateway/`, so the container serves the contract alone.
"""

import ipaddress
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Optional

from serving.admission import Admission
from serving.errors import StartError

if TYPE_CHECKING:
    from gateway.settings import Settings

Wsgi = Callable[..., Any]
ALWAYS = frozenset({"/execution-parameters", "/models"})
CONTRACT = ALWAYS | {"/invocations"}


@dataclass(frozen=True)
class PublicApi:
    """Page and API, once there is a translator for them."""

    settings: "Settings"

    @classmethod
    def prepare(cls, host: str) -> Optional["PublicApi"]:
        """None where this process does not offer the API on `host`.

        Without keys that is everywhere but on the loopback interface, unless
        `GATEWAY_AUTH=none` says otherwise. Raises `StartError` for a gateway setting
        that cannot be used.
        """
        if find_spec("gateway") is None or not _may_serve(host):
            return None
        from gateway.errors import SettingsError
        from gateway.settings import Settings

        try:
            settings = Settings.from_environment(os.environ)
        except SettingsError as error:
            raise StartError(str(error)) from error
        return cls(replace(settings, auth="none") if _is_open() else settings)

    def around(self, contract: Wsgi, translator: Admission) -> Wsgi:
        """`contract` with the API around it.

        Where keys are needed, `/invocations`, which knows none, is not offered.
        """
        ours = CONTRACT if self.settings.auth == "none" else ALWAYS

        api = _MadeOnce(lambda: self._make(translator))

        def mounted(environ: dict[str, Any], start_response: Any) -> Any:
            app = contract if environ.get("PATH_INFO") in ours else api.get()
            return app(environ, start_response)

        return mounted

    def _make(self, translator: Admission) -> Wsgi:
        from gateway.app import make_app
        from serving.local_backend import LocalBackend

        return make_app(LocalBackend(translator), self.settings)


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


def _is_open() -> bool:
    """Neither keys nor a wish for them: nobody is asked for one."""
    return not os.environ.get("GATEWAY_API_KEYS") and os.environ.get("GATEWAY_AUTH") != "keys"


def _may_serve(host: str) -> bool:
    return not _is_open() or os.environ.get("GATEWAY_AUTH") == "none" or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
