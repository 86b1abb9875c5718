"""Records what real clients send, for `test_same_answers.py`.

`RECORD_REQUESTS=tests/data/requests.jsonl python -m pytest tests/gateway/test_clients.py
tests/gateway/test_page.py tests/gateway/test_schema.py` renews the file: one request a line,
with bodies in base64.
"""

import base64
import http.client
import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.doubles.loopback import Loopback, RequestHandler

KEPT = ("accept", "authorization", "content-type", "user-agent", "x-api-key")


@dataclass(frozen=True)
class Recorded:
    method: str
    target: str  # path and query
    headers: dict[str, str]
    body: str  # base64

    @property
    def bytes(self) -> bytes:
        return base64.b64decode(self.body)

    @property
    def line(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))


def read(path: Path) -> list[Recorded]:
    return [Recorded(**json.loads(line)) for line in path.read_text().splitlines()]


class _Handler(RequestHandler):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._forward
        raise AttributeError(name)

    def _forward(self) -> None:
        body = self.body()
        kept = {k.lower(): v for k, v in self.headers.items() if k.lower() in KEPT}
        encoded = base64.b64encode(body).decode()
        self.double.keep(Recorded(self.command, self.path, kept, encoded))
        connection = http.client.HTTPConnection(self.double.host, timeout=60)
        headers = {k: v for k, v in self.headers.items() if k.lower() != "connection"}
        connection.request(self.command, self.path, body, headers)
        found = connection.getresponse()
        own = ("content-length", "connection", "date", "server")
        headers = {name: value for name, value in found.getheaders() if name.lower() not in own}
        self.answer(found.status, found.read(), headers)
        connection.close()


class Recorder(Loopback):
    """A proxy that appends each request it has not seen to a file."""

    handler = _Handler

    def __init__(self, target: str, path: Path) -> None:
        self.host = target.removeprefix("http://")
        self.path = path
        self.lock = threading.Lock()

    def keep(self, recorded: Recorded) -> None:
        with self.lock:
            known = self.path.read_text().splitlines() if self.path.exists() else []
            if recorded.line not in known:
                self.path.write_text("\n".join([*known, recorded.line]) + "\n")
