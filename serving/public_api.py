"""The public API beside the container contract, on one port.

The image holds no `gateway/`, so the container serves the contract alone.
"""

import ipaddress
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from serving.errors import StartError
from serving.settings import Settings
from serving.translator import Translator

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
PROBES = frozenset({"/ping", "/livez", "/execution-parameters", "/models"})
CONTRACT = PROBES | {"/invocations"}


def with_public_api(contract: Wsgi, translator: Translator, settings: Settings) -> Wsgi:
    """`contract` with page and API around it, where this process may offer them.

    Without keys only on the loopback interface, unless `GATEWAY_AUTH=none` says otherwise.
    Where keys are needed, `/invocations`, which knows none, is not offered. Raises
    `StartError` for a gateway setting that cannot be used.
    """
    if find_spec("gateway") is None or not _may_serve(settings.host):
        return contract
    from gateway.app import make_app
    from gateway.errors import SettingsError
    from gateway.settings import Settings as GatewaySettings
    from serving.local_backend import LocalBackend

    try:
        wanted = GatewaySettings.from_environment(os.environ)
    except SettingsError as error:
        raise StartError(str(error)) from error
    if _is_open():
        wanted = replace(wanted, auth="none")
    api = make_app(LocalBackend(translator), wanted)
    return _Mounted(contract, api, CONTRACT if wanted.auth == "none" else PROBES)


class _Mounted:
    """Sends the contract's paths to the contract, all others to the API."""

    def __init__(self, contract: Wsgi, api: Wsgi, paths: frozenset[str]) -> None:
        self._contract, self._api, self._paths = contract, api, paths

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        ours = environ.get("PATH_INFO") in self._paths
        return (self._contract if ours else self._api)(environ, start_response)


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
