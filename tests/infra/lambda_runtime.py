"""A Lambda function on this machine: its zip in an empty folder, a process and an environment of
its own."""

import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any

from tests.doubles.lambda_events import http_api_event

# Events come as lines, answers leave as lines; what the function prints goes to standard error.
_MAIN = """
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
module, _, name = sys.argv[2].rpartition(".")
answers, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    answer = getattr(importlib.import_module(module), name)(json.loads(line), None)
    print(json.dumps(answer), file=answers, flush=True)
"""
# Compiled for Lambda's processor; here this machine's own takes its place.
COMPILED = ("yaml", "_yaml")


class Function:
    """`code` is the zip that would be uploaded. boto3 comes from here, as from Lambda's runtime."""

    def __init__(self, code: Path, folder: Path, handler: str, variables: dict[str, str]) -> None:
        zipfile.ZipFile(code).extractall(folder)
        for name in COMPILED:
            shutil.rmtree(folder / name, ignore_errors=True)
        self.command = [sys.executable, "-I", "-c", _MAIN, str(folder), handler]
        self.folder = folder
        self.free = threading.Lock()
        self.log = folder / "log.txt"  # what Lambda would send to CloudWatch
        self.environment = {"PATH": os.environ["PATH"], "AWS_REGION": "eu-west-1"}
        self.environment |= {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "testing"}
        self.environment |= {"AWS_SECRET_ACCESS_KEY": "testing", **variables}

    def __enter__(self) -> "Function":
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate(timeout=30)

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """What the HTTP API would be answered (payload format 2.0)."""
        sent = {"content-type": "application/json", "host": "abc", **headers}
        content = b"" if body is None else json.dumps(body).encode()
        return self.invoke(http_api_event(method, path, sent, content))

    def invoke(self, event: dict[str, Any], _: Any = None) -> dict[str, Any]:
        """One event at a time, as an instance takes them."""
        assert self.process.stdin and self.process.stdout
        with self.free:
            self.process.stdin.write(json.dumps(event) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        assert line, self.log.read_text("utf-8")
        answer: dict[str, Any] = json.loads(line)
        return answer
