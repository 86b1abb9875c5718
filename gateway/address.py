"""The address by which the caller reached this server, for links and for commands to paste."""

from __future__ import annotations

from bottle import request

from gateway.settings import Settings


def public_address(settings: Settings) -> str:
    """`GATEWAY_URL`; without it what the request says, a trusted proxy's headers included."""
    base = request.urlparts
    return settings.url or f"{base.scheme}://{base.netloc}"
