"""A log that nobody reads: lines are dropped and counted, nothing waits for them."""

import fcntl
import json
import os
import subprocess
import time

import pytest

from tests.reliability.conftest import ScriptedServer
from tests.reliability.raw import Connection, post
from tests.running import ROOT

REQUESTS = 600


class PipedServer(ScriptedServer):
    """Its log goes into a pipe that only `read` empties."""

    def start(self):
        self.reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 65536)
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=writer,
            text=True,
        )
        os.close(writer)
        os.set_blocking(self.reader, False)
        self.received = b""

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        os.close(self.reader)

    def read(self):
        """All lines so far, whole ones."""
        try:
            while data := os.read(self.reader, 65536):
                self.received += data
        except BlockingIOError:
            pass
        return [json.loads(line) for line in self.received.decode().split("\n")[:-1]]


@pytest.fixture
def unread(tmp_path):
    with PipedServer(tmp_path) as server:
        yield server


def ask(server, count):
    with Connection(server.port, timeout=10) as connection:
        for _ in range(count):
            assert connection.ask(post("hello")).status == 200


@pytest.mark.slow
def test_requests_are_answered_and_dropped_lines_counted(unread):
    ask(unread, REQUESTS)
    early = unread.read()
    ask(unread, 1)
    lines = unread.read()
    dropped = [line for line in lines if line["message"] == "log lines dropped"]
    (after,) = [lines[lines.index(dropped[0]) + 1 :]]
    assert len(dropped) == 1
    assert dropped[0]["level"] == "warning"
    assert [line["message"] for line in after] == ["request"]
    written = sum(line["message"] == "request" for line in lines)
    assert written + dropped[0]["lines"] == REQUESTS + 1
    assert dropped[0]["lines"] > 0 < len(early)


@pytest.mark.slow
@pytest.mark.parametrize("asked", ["SIGTERM", "watchdog"])
def test_it_ends_in_its_usual_time(tmp_path, asked):
    limits = {} if asked == "SIGTERM" else {"SERVING_TIMEOUT": "1", "SERVING_STUCK_TIMEOUT": "1"}
    with PipedServer(tmp_path, **limits) as server:
        ask(server, REQUESTS)
        started = time.monotonic()
        if asked == "SIGTERM":
            server.process.terminate()
        else:
            with Connection(server.port) as connection:
                assert connection.ask(post("hang")).status == 503
        assert server.process.wait(12) == (0 if asked == "SIGTERM" else 70)
        assert time.monotonic() - started < 8
