"""Who may use a server on the loopback interface without a key: programs, and its own page.

A browser on the machine runs the scripts of every page that is open in it. Two headers that no
script can choose keep other pages out. `Host` holds the name that the browser looked up: a page
may have its own name lead to 127.0.0.1 (DNS rebinding), but it cannot be called localhost.
`Origin` holds the page's address: browsers send it with whatever could translate.
"""

import ipaddress
from collections.abc import Callable, Collection
from typing import Any

from serving.contract.answers import refuse
from serving.errors import Forbidden
from serving.settings import Settings

Wsgi = Callable[..., Any]

_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})
# How a container calls its host; nobody can have such a name in the public DNS.
_FROM_CONTAINERS = frozenset({"host.docker.internal", "host.containers.internal"})


def keep_to_own_pages(
    app: Wsgi, settings: Settings, origins: Collection[str], names: Collection[str] = ()
) -> Wsgi:
    """``app``, where it listens on the loopback interface, for no pages but its own and
    those of ``origins``; one of them may be ``*``. It may be called by ``names`` too."""
    if not is_loopback(settings.host) or "*" in origins:
        return app
    hosts = (host.strip() for host in settings.hosts.split(","))
    return OwnPagesOnly(app, [*(host for host in hosts if host), *names], origins)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens on ``host``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class OwnPagesOnly:
    """WSGI around an app that asks for no key."""

    def __init__(self, app: Wsgi, hosts: Collection[str], origins: Collection[str]) -> None:
        """``hosts`` and ``origins``: those that are allowed beside the server's own."""
        self._app = app
        self._hosts = _LOCAL | _FROM_CONTAINERS | {host.lower() for host in hosts}
        self._origins = frozenset(origins)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        refusal = self._refusal(environ.get("HTTP_HOST", ""), environ.get("HTTP_ORIGIN", ""))
        if refusal is not None:
            return refuse(refusal, start_response)
        return self._app(environ, start_response)

    def _refusal(self, host: str, origin: str) -> Forbidden | None:
        if host and not self._is_ours(_without_port(host.lower())):
            return Forbidden(
                f"This server is not called {host[:100]}. Call it localhost, or start it with "
                "that name in SERVING_HOSTS."
            )
        if origin and origin not in self._origins and origin.partition("://")[2] != host:
            return Forbidden(
                f"Pages of {origin[:100]} may not use this server. Start it with that origin in "
                "GATEWAY_CORS_ORIGINS."
            )
        return None

    def _is_ours(self, name: str) -> bool:
        return name in self._hosts or name.endswith(".localhost") or _is_address(name)


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and not port.endswith("]") else host


def _is_address(name: str) -> bool:
    """An address is no name that could lead elsewhere."""
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
