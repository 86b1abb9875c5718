"""A server before the real one: it records what comes by, and answers first what a test scripts.

It also speaks, over the real server, SageMaker's InvokeEndpoint, which cannot run
here (as its API reference has it: status 424 and the container's own answer
inside), and asks for a key as a deployed stack does.
"""

import json
import threading
from collections import deque
from contextlib import suppress
from typing import Any

from tests.doubles.loopback import Loopback, RequestHandler
from tests.running import Reply, fetch

JSON = {"Content-Type": "application/json"}


class _Handler(RequestHandler):
    def do_POST(self) -> None:
        self._send(self.double.reply(self.path, self.body()))

    def do_GET(self) -> None:
        self._send(self.double.listing(self.path))

    def _send(self, reply: Reply | None) -> None:
        if reply is None:
            self.connection.close()
            return
        own = ("content-length", "date", "server", "connection")
        headers = {name: value for name, value in reply.headers.items() if name.lower() not in own}
        with suppress(OSError):  # whoever asked may be gone
            self.answer(reply.status, reply.body, headers)


class Front(Loopback):
    """``with Front(server.url) as front: front.script.append(Reply(503, {...}, b""))``."""

    handler = _Handler

    def __init__(self, behind: str = "", key: str | None = None) -> None:
        self.behind, self.key = behind, key
        self.script: deque[Reply | None] = deque()
        """Answers to what is to be translated, given before the real ones; None cuts the
        connection."""
        self.lists: deque[Reply | None] = deque()
        """The same for what is only asked: pairs and limits."""
        self.bodies: list[Any] = []
        self.gate = threading.Semaphore(10_000)
        """Requests wait here; a test may close it."""

    def texts(self) -> list[str]:
        """All texts that came by."""
        return [text for body in self.bodies for text in body.get("texts", body.get("q", ()))]

    def reply(self, path: str, body: bytes) -> Reply | None:
        self.bodies.append(json.loads(body or b"{}"))
        self.gate.acquire()
        if self.script:
            return self.script.popleft()
        if path.startswith("/endpoints/"):
            return self._invoke_endpoint(body)
        if path == "/translate" and self.bodies[-1].get("api_key") != self.key:
            return answer(403, {"error": "Invalid API key"})
        return fetch(self.behind + path, body or None, JSON)

    def listing(self, path: str) -> Reply | None:
        if self.lists:
            return self.lists.popleft()
        return fetch(self.behind + path) if self.behind else answer(404, {"error": "Not here"})

    def _invoke_endpoint(self, body: bytes) -> Reply:
        reply = fetch(f"{self.behind}/invocations", body, JSON)
        return reply if reply.status == 200 else model_error(reply.status, reply.body.decode())


def answer(status: int, value: Any, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, JSON | named, json.dumps(value).encode())


def aws_error(status: int, code: str, message: str, **more: Any) -> Reply:
    return answer(status, {"Message": message, **more}, x_amzn_ErrorType=code)


def model_error(status: int, body: str) -> Reply:
    wrapped = f'Received server error ({status}) from primary with message "{body}"'
    return aws_error(424, "ModelError", wrapped, OriginalStatusCode=status, OriginalMessage=body)
