"""A web server of a test's own on 127.0.0.1."""

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class RequestHandler(BaseHTTPRequestHandler):
    """A request to a `Loopback`, ``double``; nothing is logged."""

    @property
    def double(self) -> Any:
        return self.server.double  # type: ignore[attr-defined]

    def body(self) -> bytes:
        """The request's body, to be read once."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] = {}) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Loopback:
    """Answers by its ``handler``; ``url`` is where it listens while it is entered."""

    handler: type[RequestHandler]
    url: str

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler)
        self._server.double = self  # type: ignore[attr-defined]
        self._server.daemon_threads = True
        self._server.block_on_close = False
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
