"""An HTTP API's events for a Lambda function, payload format 2.0, and an HTTP front for them.

Facts: AWS' "Working with AWS Lambda proxy integrations for HTTP APIs": lower-case header
names, values of a repeated header joined with commas; bodies of other types than text, JSON,
JavaScript and XML come base64-encoded, forms included.
"""

import base64
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.doubles.loopback import Loopback

AS_TEXT = ("text/", "application/json", "application/javascript", "application/xml")
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


def http_api_event(
    method: str, target: str, headers: Mapping[str, str], body: bytes = b""
) -> dict[str, Any]:
    """`target` is path and query as on the request line."""
    path, _, query = target.partition("?")
    named = {name.lower(): value for name, value in headers.items()}
    as_text = named.get("content-type", "").startswith(AS_TEXT) and _is_utf8(body)
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": named,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "api.execute-api.eu-west-1.amazonaws.com",
            "stage": "$default",
            "requestId": "request",
            "routeKey": "$default",
            "timeEpoch": int(time.time() * 1000),
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": named.get("user-agent", ""),
            },
        },
        "isBase64Encoded": bool(body) and not as_text,
    }
    if body:
        event["body"] = body.decode() if as_text else base64.b64encode(body).decode()
    return event


def _is_utf8(body: bytes) -> bool:
    """Other bytes cannot travel in a JSON event as they are."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def answer_of(result: Mapping[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """(status, headers, body) that the API makes of the function's result."""
    body = result.get("body", "")
    decoded = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
    return result["statusCode"], result.get("headers", {}), decoded


class HttpApi(Loopback):
    """``with HttpApi(handler) as api: api.url``; every route leads to the function."""

    def __init__(self, handler: Handler) -> None:
        self._function = handler

    def __enter__(self) -> "HttpApi":
        self.start(_front(self._function))
        return self


def _front(function: Handler) -> type[BaseHTTPRequestHandler]:
    class Front(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            event = http_api_event(self.command, self.path, dict(self.headers), body)
            status, headers, answer = answer_of(function(event, None))
            headers.pop("content-length", None)
            try:
                self._send(status, headers, answer)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client did not wait

        def __getattr__(self, name: str) -> Any:
            """Every method leads to the function, whatever its name."""
            if name.startswith("do_"):
                return self._answer
            raise AttributeError(name)

        def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Front
