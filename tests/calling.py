"""Calls a WSGI app in this process, as a server would."""

import json
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

from tests.running import Reply

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class Caller:
    """`Caller(app).post("/translate", json={...})`; bodies are JSON, a form or bytes."""

    def __init__(self, app: Any, **headers: str) -> None:
        self.app = app
        self.headers = headers

    def get(self, path: str, **sent: Any) -> Reply:
        return self.call("GET", path, **sent)

    def post(self, path: str, **sent: Any) -> Reply:
        return self.call("POST", path, **sent)

    def call(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        form: Any = None,
        body: bytes = b"",
        kind: str = "",
        **headers: str,
    ) -> Reply:
        if json is not None:
            body, kind = _dumped(json), JSON
        elif form is not None:
            body, kind = urlencode(form, doseq=True).encode(), FORM
        environ = _environ(method, path, body, kind, {**self.headers, **headers})
        started: list[Any] = []
        chunks = self.app(environ, lambda *answer: started.extend(answer))
        return Reply(int(started[0].split()[0]), dict(started[1]), b"".join(chunks))


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def _environ(method: str, path: str, body: bytes, kind: str, headers: dict[str, str]) -> Any:
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REMOTE_ADDR": "192.0.2.7",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": kind,
        "wsgi.input": BytesIO(body),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    setup_testing_defaults(environ)
    return environ
