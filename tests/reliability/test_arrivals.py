"""Bodies that are still arriving are bounded in sum: large ones are sent away, nobody else is."""

import json
import resource
import socket
import time
from contextlib import ExitStack

import psutil
import pytest

from tests.reliability.raw import Connection, get
from tests.running import Server

BODY = 2**20
HEAD = (
    "POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    f"Content-Length: {BODY}\r\n\r\n"
).encode()
WHOLE = HEAD + json.dumps({"source": "en", "target": "de", "text": "Hello"}).encode().ljust(BODY)


class Unfinished(Connection):
    """Sends all but the last byte of a large request, or as much as is taken."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        try:
            self.socket.sendall(WHOLE[:-1])
        except OSError:  # refused, and closed before all was sent
            self.socket.settimeout(1)

    def was_refused(self) -> bool:
        self.socket.setblocking(False)
        try:
            return self.socket.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return False
        except ConnectionError:
            return True


def hold(server: Server, count: int, stack: ExitStack) -> list[Unfinished]:
    return [stack.enter_context(Unfinished(server.port)) for _ in range(count)]


def refused(held: list[Unfinished], count: int) -> list[Unfinished]:
    """Those that were, as soon as they are ``count``."""
    deadline = time.monotonic() + 8
    while True:
        found = [one for one in held if one.was_refused()]
        if len(found) >= count or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


def memory(server: Server, seconds: float = 0.0) -> float:
    """MB, the most within ``seconds``."""
    process, end = psutil.Process(server.process.pid), time.monotonic() + seconds
    found = [process.memory_info().rss]
    while time.monotonic() < end:
        found.append(process.memory_info().rss)
        time.sleep(0.02)
    return max(found) / 2**20


@pytest.mark.slow
def test_large_bodies_are_refused_where_too_much_is_held():
    settings = {"SERVING_MAX_BUFFERED": str(8 * BODY), "SERVING_MAX_BODY": str(4 * BODY)}
    # One file has to have room, however little is held.
    with Server(**settings, GATEWAY_FILE_LIMIT=str(4 * BODY)) as server:
        with ExitStack() as stack:
            held = hold(server, 16, stack)
            sent_away = refused(held, 8)
            assert len(sent_away) == 8
            with Connection(server.port) as another:
                answer = another.ask(WHOLE)
            assert (answer.status, answer.code, answer.closes) == (503, "busy", True)
            assert answer.headers["retry-after"] == "1"
            assert "Too many bodies are arriving." in answer.body.decode()
            # Small requests, probes, and those that came first are served.
            assert server.text("Hello world!").body.decode() == "Hallo Welt!"
            with Connection(server.port) as probe:
                assert probe.ask(get("/ping")).status == 200
            first = next(one for one in held if one not in sent_away)
            first.socket.setblocking(True)
            assert first.ask(WHOLE[-1:]).status == 200
        assert server.post(WHOLE[len(HEAD) :], Content_Type="application/json").status == 200


@pytest.mark.slow
@pytest.mark.parametrize("count", [200, pytest.param(950, marks=pytest.mark.soak)])
def test_bodies_that_never_end_take_no_more_memory(count, record):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with Server() as server, ExitStack() as stack:
        server.text("Hello world!")
        before = memory(server)
        hold(server, count, stack)
        grown = memory(server, 3.0) - before  # the kernel takes bodies before the server does
        assert server.text("Hello world!").status == 200
    assert grown < 64 * 1.5 + 10
    record(
        "950 connections, each with a body of 1 MB that does not end",
        "at most 64 MB of bodies are held; short requests are served",
        f"{count} connections: {grown:.0f} MB more",
    )
