"""An HTTP API's events for a Lambda function, payload format 2.0, and an HTTP front for them.

Facts: AWS' "Working with AWS Lambda proxy integrations for HTTP APIs": lower-case header
names, values of a repeated header joined with commas; bodies of other types than text, JSON,
JavaScript and XML come base64-encoded, forms included.
"""

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.doubles.loopback import Loopback, RequestHandler

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


class _Handler(RequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _answer(self) -> None:
        event = http_api_event(self.command, self.path, dict(self.headers), self.body())
        status, headers, body = answer_of(self.double.function(event, None))
        headers.pop("content-length", None)
        try:
            self.answer(status, body, headers)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client did not wait

    def __getattr__(self, name: str) -> Any:
        """Every method leads to the function, whatever its name."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)


class HttpApi(Loopback):
    """``with HttpApi(handler) as api: api.url``; every route leads to the function."""

    handler = _Handler

    def __init__(self, function: Handler) -> None:
        self.function = function
