"""The public API as anybody reaches it: raw answers, whatever their status."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any

SECONDS = 35.0  # an HTTP API itself gives up after 30
STARTING = (502, 503, 504)  # of a model that starts
PAUSE = 2.0  # seconds


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Message  # their names in any case
    body: bytes

    @property
    def json(self) -> Any:
        """None where it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class Service:
    """`patience`: seconds for which a model that starts is asked again."""

    url: str
    key: str | None
    patience: float = 180.0

    def get(self, path: str, **headers: str) -> Reply:
        return self.call("GET", path, None, headers)

    def post(self, path: str, document: Any, key: str | None = None, **headers: str) -> Reply:
        """With the service's key, or `key`; none where that is empty."""
        key = self.key if key is None else key
        own = {"Content-Type": "application/json", **({"X-API-Key": key} if key else {})}
        return self.call("POST", path, json.dumps(document).encode(), own | headers)

    def translate(self, texts: list[str], source: str, target: str, **headers: str) -> Reply:
        """By LibreTranslate's interface, until the model has started."""
        asked = {"q": texts, "source": source, "target": target}
        deadline = time.monotonic() + self.patience
        while True:
            reply = self.post("/translate", asked, **headers)
            if reply.status not in STARTING or time.monotonic() > deadline:
                return reply
            time.sleep(PAUSE)

    def call(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        """Raises OSError where nobody answers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(  # noqa: S310  the command line checks the URL
            self.url + path, body, named, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                return Reply(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read())
