"""waitress's tasks: answers carry `Connection: close` while draining; errors are JSON."""

import json
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from waitress.task import ErrorTask, WSGITask

client_left: ContextVar[Callable[[], bool]] = ContextVar("client_left", default=lambda: False)
"""Whether the client of the request that this thread serves has gone."""

CODES = {
    408: "request_timeout",
    413: "too_large",
    431: "headers_too_large",
    500: "internal_error",
    501: "not_implemented",
}


class Task(WSGITask):
    wrote_header: bool

    def execute(self) -> None:
        client_left.set(self.channel.check_client_disconnected)
        super().execute()

    def write(self, data: bytes) -> None:
        """Head and body in one piece where that is all: one system call, one packet."""
        if self.wrote_header or not self.has_body or len(data) != self.content_length:
            super().write(data)
            return
        self.channel.write_soon(self.build_response_header() + data)
        self.wrote_header = True
        self.content_bytes_written = len(data)

    def build_response_header(self) -> Any:
        # A WSGI app may not send a hop-by-hop header; the server does it here.
        if self.channel.server.draining:
            self.request.headers["CONNECTION"] = "close"
        return super().build_response_header()


class JsonErrorTask(ErrorTask):
    """What waitress refuses by itself, in the contract's form."""

    def execute(self) -> None:
        error = self.request.error
        self.status = f"{error.code} {error.reason}"
        body = json.dumps({"error": {"code": _code(error), "message": self._message()}}).encode()
        self.response_headers.append(("Content-Type", "application/json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)

    def _message(self) -> str:
        error, adj = self.request.error, self.channel.adj
        limits = {
            413: f"The body is larger than {adj.max_request_body_size - 1} bytes. "
            "Send it in parts.",
            431: f"The headers are larger than {adj.max_request_header_size - 1} bytes.",
            500: "The server failed. Try again; its log says more.",
        }
        return limits.get(error.code, str(error.body))


def _code(error: Any) -> str:
    return CODES.get(error.code, "bad_request")
