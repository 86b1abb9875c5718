"""CloudWatch Logs on the loopback interface: FilterLogEvents over the lines of files."""

import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.doubles.loopback import Loopback


class CloudWatchLogs(Loopback):
    """``with CloudWatchLogs({"/aws/lambda/name": path}) as logs: logs.url``; of terms in quotes."""

    def __init__(self, groups: Mapping[str, Path]) -> None:
        self._groups = groups

    def __enter__(self) -> "CloudWatchLogs":
        self.start(_handler(self._groups))
        return self


def _handler(groups: Mapping[str, Path]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.headers["X-Amz-Target"].endswith(".FilterLogEvents")
            term = asked["filterPattern"].strip('"')
            lines = groups[asked["logGroupName"]].read_text("utf-8").splitlines()
            body = json.dumps({"events": [{"message": line} for line in lines if term in line]})
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    return Handler
