"""waitress's tasks: answers carry `Connection: close` while draining; errors are JSON."""

import json
import logging
from typing import Any

from waitress.channel import ClientDisconnected
from waitress.task import ErrorTask, WSGITask

from serving.errors import FAILED, Busy, ServingError
from serving.lanes.caller import client_left

log = logging.getLogger(__name__)

CODES = {
    408: "request_timeout",
    413: "too_large",
    431: "headers_too_large",
    500: "internal_error",
    501: "not_implemented",
    503: "busy",
}


class Errors:
    """``wsgi.errors``: Bottle writes tracebacks there, which may quote a caller's text."""

    def write(self, _: str) -> None:
        log.error("a request failed", exc_info=True)

    def flush(self) -> None:
        """Does nothing: no line is kept back."""


class Task(WSGITask):
    wrote_header: bool

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ["wsgi.errors"] = _ERRORS
        return environ

    def execute(self) -> None:
        client_left.set(self.channel.check_client_disconnected)
        try:
            super().execute()
        except (ClientDisconnected, OSError):
            raise
        except BaseException:  # a panic of native code is no Exception
            log.exception("a request failed")
            self._fail()

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
        if self.channel.server.draining or self.status.startswith("500"):
            self.request.headers["CONNECTION"] = "close"
        return super().build_response_header()

    def _fail(self) -> None:
        """Answer 500, unless an answer has begun; then only its end tells the client."""
        if self.wrote_header:
            self.chunked_response = False
        else:
            body = self.channel.server.error_body(self.request.path, ServingError.code, FAILED)
            self.complete, self.status = True, "500 Internal Server Error"
            self.response_headers = [("Content-Type", "application/json")]
            self.content_length = len(body)
            self.write(body)
        self.close_on_finish = True


_ERRORS = Errors()


class JsonErrorTask(ErrorTask):
    """What waitress refuses by itself, in the form of the address's interface."""

    def execute(self) -> None:
        error = self.request.error
        self.status = f"{error.code} {error.reason}"
        # None where the first line was refused; of headers that are too large, a stand-in's.
        path = "" if error.code == 431 else str(getattr(self.request, "path", ""))
        body = self.channel.server.error_body(path, _code(error), self._message())
        self.response_headers.append(("Content-Type", "application/json"))
        if error.code == Busy.status:
            self.response_headers.append(("Retry-After", "1"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)

    def _message(self) -> str:
        error, adj = self.request.error, self.request.adj
        limits = {
            413: f"The body is larger than {adj.max_request_body_size - 1} bytes. "
            "Send it in parts.",
            431: f"The headers are larger than {adj.max_request_header_size - 1} bytes.",
            500: FAILED,
        }
        return limits.get(error.code, str(error.body))


def error_body(_path: str, code: str, message: str) -> bytes:
    """The body of an error in the contract's form, whatever the path."""
    return json.dumps({"error": {"code": code, "message": message}}).encode()


def _code(error: Any) -> str:
    return CODES.get(error.code, "bad_request")
