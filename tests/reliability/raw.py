"""HTTP by hand: what was really sent, and what really came back."""

import json
import socket
from dataclasses import dataclass


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float = 0.0

    @property
    def code(self) -> str:
        return json.loads(self.body)["error"]["code"]

    @property
    def closes(self) -> bool:
        return self.headers.get("connection", "").lower() == "close"


class Lost(Exception):
    """The server took the connection, and then no whole answer came."""


class Connection:
    def __init__(self, port: int, timeout: float = 60) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.received = b""

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def ask(self, request: bytes) -> Answer:
        try:
            self.socket.sendall(request)
        except OSError as error:
            raise Lost(repr(error)) from error
        return self.answer()

    def answer(self) -> Answer:
        """The next answer. Raises `Lost`."""
        while b"\r\n\r\n" not in self.received:
            self._more()
        head, _, self.received = self.received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        length = int(headers["content-length"])
        while len(self.received) < length:
            self._more()
        body, self.received = self.received[:length], self.received[length:]
        return Answer(int(first.split()[1]), headers, body)

    def is_closed(self) -> bool:
        """Whether the server ends the connection, without a further byte."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionError:
            return True

    def _more(self) -> None:
        try:
            data = self.socket.recv(65536)
        except OSError as error:
            raise Lost(repr(error)) from error
        if not data:
            raise Lost(f"closed after {self.received[:100]!r}")
        self.received += data


def post(text: str, *headers: str, connection: str = "keep-alive") -> bytes:
    """A whole request for one translation from en to qaa."""
    body = json.dumps({"text": text, "split": "none"}).encode()
    lines = [
        "POST /invocations HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"Connection: {connection}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
