"""A Lambda function on this machine: its zip in an empty folder, a process and an environment of
its own; and the SageMaker runtime that it calls, in front of a real container server."""

import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.running import fetch

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
        return self.invoke(_event(method, path, body, headers))

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


def _event(method: str, path: str, body: Any, headers: dict[str, str]) -> dict[str, Any]:
    context = {
        "accountId": "123456789012",
        "apiId": "abc",
        "domainName": "abc.execute-api.eu-west-1.amazonaws.com",
        "requestId": "r-1",
        "routeKey": "$default",
        "stage": "$default",
        "time": "01/Jan/2030:00:00:00 +0000",
        "timeEpoch": 1893456000000,
        "http": {
            "method": method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": "127.0.0.1",
            "userAgent": "tests",
        },
    }
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "abc", **headers},
        "requestContext": context,
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


class SageMakerRuntime:
    """POST /endpoints/NAME/invocations goes to the container at `url`, if NAME is an endpoint.

    A container's error becomes ModelError, as on AWS.
    """

    def __init__(self, url: str, endpoints: Iterable[str]) -> None:
        endpoints = set(endpoints)
        self.invoked: list[str] = []
        runtime = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                _, _, name, _ = self.path.split("/")
                body = self.rfile.read(int(self.headers["Content-Length"]))
                runtime.invoked.append(name)
                if name not in endpoints:
                    return self.answer(400, "ValidationError", {"Message": f"{name} not found."})
                passed = ("Content-Type", "Accept", "X-Amzn-SageMaker-Custom-Attributes")
                given = {key: self.headers[key] for key in passed if self.headers[key]}
                reply = fetch(f"{url}/invocations", body, given)
                if reply.status == 200:
                    return self.answer(200, "", reply.body)
                message = {
                    "OriginalStatusCode": reply.status,
                    "OriginalMessage": reply.body.decode(),
                }
                return self.answer(424, "ModelError", message)

            def answer(self, status: int, error: str, body: Any) -> None:
                text = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                if error:
                    self.send_header("x-amzn-ErrorType", error)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "SageMakerRuntime":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
