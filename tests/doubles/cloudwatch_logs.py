"""CloudWatch Logs on the loopback interface: FilterLogEvents over the lines of files."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.doubles.loopback import Loopback, RequestHandler


class _Handler(RequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.body())
        assert self.headers["X-Amz-Target"].endswith(".FilterLogEvents")
        term = asked["filterPattern"].strip('"')
        lines = self.double.groups[asked["logGroupName"]].read_text("utf-8").splitlines()
        found = {"events": [{"message": line} for line in lines if term in line]}
        self.answer(200, json.dumps(found).encode(), {"Content-Type": "application/x-amz-json-1.1"})


class CloudWatchLogs(Loopback):
    """``with CloudWatchLogs({"/aws/lambda/name": path}) as logs: logs.url``; of terms in quotes."""

    handler = _Handler

    def __init__(self, groups: Mapping[str, Path]) -> None:
        self.groups = groups
