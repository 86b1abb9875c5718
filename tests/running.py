"""The real server as a subprocess on a real socket."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
MODELS = ROOT / "models"


@dataclass
class Reply:
    """An HTTP answer, whatever its status."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """`python -m serving` on a port of its own; ``with Server(models) as server: …``."""

    def __init__(self, models: Path = MODELS, *arguments: str, **environment: str) -> None:
        self.command = [
            *(sys.executable, "-m", "serving", "--port", "0", "--models", str(models)),
            *arguments,
        ]
        self.environment = {**os.environ, **environment}
        self.errors: list[str] = []

    def __enter__(self) -> "Server":
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        first = self.process.stdout.readline()
        match = re.search(r"http://[\d.]+:(\d+)", first)
        assert match, f"no address in {first!r}; exit code {self.process.poll()}"
        self.url, self.port = match[0], int(match[1])
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def get(self, path: str) -> Reply:
        return fetch(self.url + path)

    def post(self, body: bytes, path: str = "/invocations", **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return fetch(self.url + path, body, named)

    def text(self, text: str, attributes: str = "source=en;target=de") -> Reply:
        return self.post(
            text.encode(),
            Content_Type="text/plain",
            X_Amzn_SageMaker_Custom_Attributes=attributes,
        )

    def translate(self, *texts: str, **fields: Any) -> Reply:
        fields = {"source": "en", "target": "de", "texts": texts, **fields}
        return self.post(json.dumps(fields).encode(), Content_Type="application/json")


def fetch(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Reply:
    request = urllib.request.Request(url, body, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return Reply(response.status, response.headers, response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, error.headers, error.read())
