"""Calls of AWS's JSON services over kept connections, signed with Signature Version 4.

boto3 takes half a second of processor time for its first call, which each cold start of the
function would pay; the standard library has been loaded by then. Credentials, region and
addresses come from the environment, as a Lambda function has them. There are no retries.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import os
import select
import socket
import ssl
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

_SUFFIXES = {  # of the partitions' addresses, by the beginning of their regions' names
    "cn-": "amazonaws.com.cn",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "us-isof-": "csp.hci.ic.gov",
    "eu-isoe-": "cloud.adc-e.uk",
    "eusc-": "amazonaws.eu",
}
_KEPT = 64  # connections


class Answer(NamedTuple):
    headers: Message
    body: bytes


class AwsError(Exception):
    """The service answered with an error: its `code`, and its JSON `document`."""

    def __init__(self, code: str, document: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.code = code
        self.document = document


class Unreachable(Exception):
    """No answer came."""


class TooLate(Unreachable):
    """No answer came within the read timeout."""


class ConnectionLost(Unreachable):
    """The connection ended before the answer."""


class AwsHttp:
    """A client of one service, for several threads; it loads the certificates when it is made.

    `service` is its name in boto3, `host` begins its public address, and `signing_name` is what
    it is called in signatures. Time-outs are seconds.
    """

    def __init__(
        self,
        service: str,
        host: str,
        signing_name: str,
        connect_timeout: float,
        read_timeout: float,
    ) -> None:
        self._idle: list[HTTPConnection] = []
        self.region = _region()
        self._signing_name = signing_name
        self._timeouts = connect_timeout, read_timeout
        self.url = _configured(service) or f"https://{host}.{self.region}.{self._suffix}"
        self._url = urlsplit(self.url)
        self._tls = _tls() if self._url.scheme == "https" else None
        self._lock = threading.Lock()

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The answer to a POST. Raises AwsError for an error's, Unreachable where none comes."""
        path = f"{self._url.path.rstrip('/')}{path}"
        signed = _signed(self._url.netloc, path, body, headers, self.region, self._signing_name)
        connection = self._take()
        try:
            connection.request("POST", path, body, signed)
            response = connection.getresponse()
            answer = Answer(response.headers, response.read())
        except (OSError, HTTPException) as error:
            connection.close()
            raise _no_answer(error) from error
        except BaseException:
            connection.close()
            raise
        self._keep(connection, response.will_close)
        if response.status >= 300:
            raise _refusal(response.status, answer)
        return answer

    def __del__(self) -> None:
        for connection in self._idle:
            connection.close()

    @property
    def _suffix(self) -> str:
        found = (end for begin, end in _SUFFIXES.items() if self.region.startswith(begin))
        return next(found, "amazonaws.com")

    def _take(self) -> HTTPConnection:
        with self._lock:
            while self._idle:
                connection = self._idle.pop()
                if _is_alive(connection):
                    return connection
                connection.close()
        return self._connected()

    def _keep(self, connection: HTTPConnection, is_closing: bool) -> None:
        with self._lock:
            if not is_closing and len(self._idle) < _KEPT:
                return self._idle.append(connection)
        return connection.close()

    def _connected(self) -> HTTPConnection:
        connect, read = self._timeouts
        host, port = self._url.hostname or "", self._url.port
        connection = (
            HTTPSConnection(host, port, timeout=connect, context=self._tls)
            if self._tls
            else HTTPConnection(host, port, timeout=connect)
        )
        try:
            connection.connect()
        except OSError as error:
            raise Unreachable(type(error).__name__) from error
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connection.sock.settimeout(read)
        return connection


@functools.cache
def _tls() -> ssl.SSLContext:
    """A context that trusts whom boto3 trusts, or the system's authorities without boto3."""
    botocore = find_spec("botocore")
    folders = (botocore and botocore.submodule_search_locations) or []
    bundles = (Path(folder, "cacert.pem") for folder in folders)
    own = os.environ.get("AWS_CA_BUNDLE")
    return ssl.create_default_context(cafile=own or next(filter(Path.exists, bundles), None))


def _region() -> str:
    return os.environ.get("AWS_DEFAULT_REGION") or os.environ.get("AWS_REGION") or "us-east-1"


def _configured(service: str) -> str | None:
    """The service's address in the variables that the AWS SDKs read; None if none is set."""
    if os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return None
    own = f"AWS_ENDPOINT_URL_{service.replace('-', '_').upper()}"
    return os.environ.get(own) or os.environ.get("AWS_ENDPOINT_URL")


def _is_alive(connection: HTTPConnection) -> bool:
    """Whether the connection is open: what can be read unasked is the end, or an error."""
    if connection.sock is None:
        return False
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return not poll.poll(0)


def _no_answer(error: Exception) -> Unreachable:
    name = type(error).__name__
    if isinstance(error, TimeoutError):
        return TooLate(name)
    if isinstance(error, ConnectionError):  # http.client's RemoteDisconnected is one
        return ConnectionLost(name)
    return Unreachable(name)


def _refusal(status: int, answer: Answer) -> AwsError:
    try:
        document = json.loads(answer.body)
    except ValueError:
        document = {}
    if not isinstance(document, dict):
        document = {}
    code = answer.headers.get("x-amzn-ErrorType") or document.get("__type") or status
    return AwsError(str(code).partition(":")[0].rpartition("#")[2], document)


def _signed(
    host: str, path: str, body: bytes, headers: Mapping[str, str], region: str, service: str
) -> dict[str, str]:
    """`headers`, and those of a request signed with the credentials in the environment."""
    try:
        key, secret = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
    except KeyError as error:
        raise Unreachable(f"{error.args[0]} is not set.") from None
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    sent = {**headers, "Host": host, "X-Amz-Date": now, **_session()}
    names = {name.lower(): " ".join(value.split()) for name, value in sent.items()}
    listed = ";".join(sorted(names))
    lines = "".join(f"{name}:{names[name]}\n" for name in sorted(names))
    digest = hashlib.sha256(body).hexdigest()
    # The path is escaped a second time, as every service but S3 wants it.
    asked = f"POST\n{quote(path, safe='/~')}\n\n{lines}\n{listed}\n{digest}"
    scope = f"{now[:8]}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(asked.encode()).hexdigest()}"
    signing_key = f"AWS4{secret}".encode()
    for part in (now[:8], region, service, "aws4_request"):
        signing_key = hmac.digest(signing_key, part.encode(), "sha256")
    signature = hmac.digest(signing_key, text.encode(), "sha256").hex()
    proof = f"Credential={key}/{scope}, SignedHeaders={listed}, Signature={signature}"
    return {**sent, **_trace(), "Authorization": f"AWS4-HMAC-SHA256 {proof}"}


def _session() -> dict[str, str]:
    token = os.environ.get("AWS_SESSION_TOKEN")
    return {"X-Amz-Security-Token": token} if token else {}


def _trace() -> dict[str, str]:
    """The header by which Lambda notices functions that call each other without end."""
    trace = os.environ.get("_X_AMZN_TRACE_ID")
    return {"X-Amzn-Trace-Id": trace} if trace else {}
