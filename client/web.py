"""HTTP with what Python brings along; every failure is one of ours."""

import http.client
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from client.contract import sentence
from client.errors import (
    Busy,
    Failure,
    Refused,
    ServiceFailed,
    Unreachable,
    UsageError,
    from_status,
)
from client.program import SERVER

# The longest an endpoint works on a request is 60 s; it must be the one to give up.
_SECONDS = 65.0
_ANSWER_SECONDS = 120.0
_MAX_ANSWER = 64_000_000  # bytes; twice a request of 4 MB, and a score a text, is far below
_LOCAL = {"127.0.0.1", "::1", "localhost"}


def fetch(
    url: str, body: bytes | None = None, method: str | None = None, key: str | None = None
) -> bytes:
    """GET, or POST with a JSON body, unless ``method`` says otherwise. ``key`` goes into a header.

    Raises one of `client.errors`.
    """
    headers = {"Content-Type": "application/json"} if body is not None else {}
    headers |= {"X-API-Key": key} if key else {}
    request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310
    try:
        with _opener(url).open(request, timeout=_SECONDS) as response:
            return _read(response, url)
    except urllib.error.HTTPError as error:
        with error:
            message = sentence(_read(error, url), f"{url} answered with status {error.code}.")
            raise from_status(error.code, message, error.headers.get("Retry-After")) from error
    except urllib.error.URLError as error:
        raise _lost_or_unreachable(url, error.reason) from error
    except (OSError, http.client.HTTPException) as error:
        raise _lost_or_unreachable(url, error) from error


def _read(response: Any, url: str) -> bytes:
    """All of an answer, which comes from anyone: not without an end."""
    end = time.monotonic() + _ANSWER_SECONDS
    content = bytearray()
    while part := response.read1(1 << 16):
        content += part
        if len(content) > _MAX_ANSWER:
            raise ServiceFailed(f"{url} answered more than {_MAX_ANSWER} bytes.")
        if time.monotonic() > end:
            raise Busy(f"The answer of {url} did not end in {_ANSWER_SECONDS:g} s.")
    if response.length:
        raise http.client.IncompleteRead(bytes(content), response.length)
    return bytes(content)


def check_url(url: str) -> str:
    """The URL without a last slash, if it is one we can call."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not url.isascii() or not url.isprintable() or " " in url:
        raise UsageError(
            f"--url {url!r} is no URL. Write one such as http://127.0.0.1:8080 "
            "or http://[::1]:8080."
        )
    return url.rstrip("/")


def _opener(url: str) -> urllib.request.OpenerDirector:
    """Honours the proxy variables, but never asks a proxy for this very machine."""
    local = urlsplit(url).hostname in _LOCAL
    proxies = [urllib.request.ProxyHandler({})] if local else []
    return urllib.request.build_opener(_NoRedirect, *proxies)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """urllib would repeat a redirected POST as a GET, and carry the key to another host."""

    def redirect_request(self, *details: Any) -> None:
        raise Refused(f"The service redirects to {details[-1]}. Give the right address as --url.")


def _lost_or_unreachable(url: str, reason: Any) -> Failure:
    broken = (TimeoutError, ConnectionResetError, BrokenPipeError, http.client.HTTPException)
    if isinstance(reason, broken):
        return Busy(f"The connection to {url} was lost before an answer came.")
    parts = urlsplit(url)
    host = f"{parts.scheme}://{parts.netloc}"
    cure = (
        f"Start one with `{SERVER}`, or name another with --url"
        if parts.hostname in _LOCAL
        else "Check --url and the network"
    )
    why = getattr(reason, "strerror", None) or reason
    return Unreachable(f"No service answers at {host} ({why}). {cure}.")
