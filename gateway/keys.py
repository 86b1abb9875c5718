"""API keys: `NAME.SECRET`, known here only by name and SHA-256."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from bottle import BaseRequest

from gateway.errors import GatewayError
from gateway.parameters import Parameters

_NOBODY = hashlib.sha256(b"").hexdigest()  # compared with when the name is unknown


class Keyring:
    def __init__(self, digests: Mapping[str, str]):
        self._digests = dict(digests)

    def name_of(self, key: str) -> str | None:
        """The name of a valid key, else None; takes as long for unknown names as for wrong ones."""
        name = key.partition(".")[0]
        digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
        same = hmac.compare_digest(digest, self._digests.get(name, _NOBODY))
        return name if same and name in self._digests else None


def key_in(request: BaseRequest, parameters: Parameters) -> str:
    """The key wherever clients put it: two headers, two Authorization schemes, query and body."""
    places = (
        key_in_headers(request.environ),
        parameters.first("api_key"),
        parameters.first("auth_key"),
    )
    return next((key for key in places if isinstance(key, str) and key), "")


def key_in_headers(environ: Mapping[str, Any]) -> str:
    """The key in the headers of a WSGI environment: Bottle would fail on one that is not UTF-8."""
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() in ("bearer", "deepl-auth-key") and token.strip():
        return str(token.strip())
    return str(environ.get("HTTP_X_API_KEY", ""))


def key_missing() -> GatewayError:
    return GatewayError(
        403, "key_missing", "This server needs an API key. Send it as api_key or in a header."
    )


def key_invalid() -> GatewayError:
    return GatewayError(403, "key_invalid", "Invalid API key")
