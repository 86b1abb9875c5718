"""SageMaker's runtime API on the loopback interface, in front of real container servers.

What it does is our reading of the API reference and of serverless endpoints' documentation:
4 MB a request, any answer of the container but 2xx wrapped in `ModelError` (424), a cold start
during which requests are held, throttling beyond the concurrency.
"""

import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Self

from tests.doubles.loopback import Loopback, RequestHandler

MAX_BYTES = 4 * 1024 * 1024
HELD_SECONDS = 60  # that SageMaker waits for a container
FORWARDED = ("Content-Type", "Accept", "X-Amzn-SageMaker-Custom-Attributes")


@dataclass(frozen=True)
class Call:
    endpoint: str
    body: bytes
    attributes: str


class _Handler(RequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        endpoint = self.path.split("/")[2]
        status, kind, answer, content_type = self.double.answer(endpoint, self.headers, self.body())
        headers = {"x-amzn-ErrorType": kind} if kind else {}
        try:
            self.answer(status, answer, {**headers, "Content-Type": content_type})
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the caller's read timeout was shorter


@dataclass
class SageMakerRuntime(Loopback):
    """``with SageMakerRuntime({"endpoint": container_url}) as runtime: runtime.url``"""

    handler = _Handler

    containers: dict[str, str]
    cold_seconds: float = 0.0  # from an endpoint's first request until its container answers
    max_concurrency: int = 200
    failures: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._first: dict[str, float] = {}
        self._places = threading.Semaphore(self.max_concurrency)
        return super().__enter__()

    def answer(self, endpoint: str, headers: Any, body: bytes) -> tuple[int, str, bytes, str]:
        """(status, error type or "", body, content type)"""
        attributes = headers.get("X-Amzn-SageMaker-Custom-Attributes", "")
        self.calls.append(Call(endpoint, body, attributes))
        if self.failures:
            return _error(*self.failures.pop(0))
        if endpoint not in self.containers:
            return _error(400, "ValidationError", {"Message": f"Endpoint {endpoint} not found."})
        if len(body) > MAX_BYTES:
            return _error(413, "ValidationError", {"Message": "Request exceeds 4 MB."})
        if not self._places.acquire(blocking=False):
            return _error(400, "ThrottlingException", {"Message": "Rate exceeded"})
        try:
            self._wait_for_container(endpoint)
            return _invoke(self.containers[endpoint], headers, body)
        finally:
            self._places.release()

    def _wait_for_container(self, endpoint: str) -> None:
        first = self._first.setdefault(endpoint, time.monotonic())
        time.sleep(min(HELD_SECONDS, max(0.0, first + self.cold_seconds - time.monotonic())))


def _error(status: int, kind: str, document: dict[str, Any]) -> tuple[int, str, bytes, str]:
    return status, kind, json.dumps(document).encode(), "application/json"


def _invoke(container: str, headers: Any, body: bytes) -> tuple[int, str, bytes, str]:
    """Only these headers reach a container, whatever the caller sent."""
    sent = {name: headers[name] for name in FORWARDED if headers.get(name)}
    request = urllib.request.Request(f"{container}/invocations", body, sent)
    try:
        with urllib.request.urlopen(request, timeout=HELD_SECONDS) as answer:
            return answer.status, "", answer.read(), answer.headers["Content-Type"]
    except urllib.error.HTTPError as error:
        with error:
            text = error.read().decode()
        document = {
            "Message": f'Received server error ({error.code}) from primary with message "{text}".',
            "OriginalStatusCode": error.code,
            "OriginalMessage": text,
            "LogStreamArn": "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker",
        }
        return _error(424, "ModelError", document)
