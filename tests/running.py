"""The real server as a subprocess on a real socket."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
MODELS = ROOT / "models"
SMALL = ROOT / "tests" / "data" / "en_de"  # 7 M parameters: quick to add and to measure


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
    """`python -m serving` on a port of its own; ``with Server(models) as server: …``.

    `log` is its stderr as lines of JSON, `errors` the other lines of it.
    """

    def __init__(self, models: Path = MODELS, *arguments: str, **environment: str) -> None:
        self.command = [
            *(sys.executable, "-m", "serving", "--port", "0", "--models", str(models)),
            *arguments,
        ]
        # Glossaries in memory: no test writes into the home of whoever runs it.
        own = {"GATEWAY_GLOSSARIES": ":memory:"}
        self.environment = {**os.environ, **own, **environment}

    def __enter__(self) -> "Server":
        self.start()
        first = self.process.stdout.readline()
        match = re.search(r"http://[\d.]+:(\d+)", first)
        assert match, f"no address in {first!r}; exit code {self.process.poll()}; {self.errors}"
        self.url, self.port = match[0], int(match[1])
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()
        self.process.stdout.close()
        self._stderr.close()

    def start(self) -> None:
        """Start only; `wait_for_log` says when it listens."""
        self._stderr = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
        )

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    @property
    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._lines() if line.startswith("{")]

    @property
    def errors(self) -> list[str]:
        return [line for line in self._lines() if not line.startswith("{")]

    def wait_for_log(self, message: str, seconds: float = 30) -> dict[str, Any]:
        """The first line of the log with that message, once it is there."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for line in self.log:
                if line["message"] == message:
                    self._find_url(line)
                    return line
            time.sleep(0.02)
        raise AssertionError(f"no {message!r} in the log: {self.log} {self.errors}")

    def _lines(self) -> list[str]:
        # pread: the child writes through the same file, position included.
        size = os.fstat(self._stderr.fileno()).st_size
        text = os.pread(self._stderr.fileno(), size, 0).decode()
        return text[: text.rfind("\n") + 1].splitlines()

    def _find_url(self, line: dict[str, Any]) -> None:
        if "url" in line:
            self.url, self.port = line["url"], int(line["url"].rpartition(":")[2])

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


def fetch(
    url: str, body: bytes | None = None, headers: dict[str, str] | None = None, timeout: float = 60
) -> Reply:
    request = urllib.request.Request(url, body, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return Reply(response.status, response.headers, response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, error.headers, error.read())
