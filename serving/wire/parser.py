"""waitress's request parser, made strict. Shrink it when a newer waitress is strict itself."""

from typing import Any

from waitress.parser import HTTPRequestParser
from waitress.utilities import BadRequest, Error

from serving.wire.chunked_body import ChunkedBody
from serving.wire.request_head import check_head, has_bare_break


class RequestTimeout(Error):
    code, reason = 408, "Request Timeout"


class StrictParser(HTTPRequestParser):
    """Refuses what two servers could read differently, and closes the connection."""

    adj: Any
    body_rcv: Any

    def received(self, data: bytes) -> int:
        if self.body_rcv is None and self._refuses(self.header_plus + data):
            return len(data)
        if self.chunked and not self.completed:
            return self._receive_chunks(self.body_rcv, data)
        taken: int = super().received(data)
        if self.error is not None:
            # Else waitress asks for the body that it has just refused.
            self.expect_continue = False
        return taken

    def fail(self, error: Error) -> None:
        """End the request here: the answer is ``error``, and what has come is dropped."""
        self.error = error
        self.body_rcv, self.body_bytes_received = None, 0
        self.completed = True

    def parse_header(self, header_plus: bytes) -> None:
        if self.header_bytes_received < self.adj.max_request_header_size:
            check_head(header_plus)
        super().parse_header(header_plus)
        self.adj = getattr(self.adj, "larger", {}).get(self.path, self.adj)
        if self.chunked:
            self.body_rcv = ChunkedBody(self.adj.max_request_body_size - 1)

    def _receive_chunks(self, body: ChunkedBody, data: bytes) -> int:
        taken = body.received(data)
        self.body_bytes_received = len(body)
        if body.error is not None:
            self.fail(body.error)
        elif body.completed:
            self.completed = True
            # To the app it is a body of known length; waitress drops Transfer-Encoding.
            self.headers["CONTENT_LENGTH"] = str(len(body))
        return taken

    def _refuses(self, data: bytes) -> bool:
        """One empty line before a request is allowed (RFC 9112 §2.2), nothing else."""
        head = data.partition(b"\r\n\r\n")[0].removeprefix(b"\r\n")
        if has_bare_break(head):
            self.fail(BadRequest("A line ends without CR LF."))
        elif data.startswith(b"\r\n\r\n") or (head[:1].isspace() and data != b"\r"):
            self.fail(BadRequest("There is no request line."))
        return self.completed
