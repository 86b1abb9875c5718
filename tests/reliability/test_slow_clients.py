"""Clients that drip, do not read or say nothing do not keep others from being served."""

import shutil
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psutil
import pytest

from tests.reliability.raw import Connection, get, post

QUICK = {
    "SERVING_RECEIVE_TIMEOUT": "2",
    "SERVING_SEND_TIMEOUT": "2",
    "SERVING_IDLE_TIMEOUT": "2",
}
LONG_ANSWER = "grow 500000"


class Watch(threading.Thread):
    """How long each connection of a server stayed open, by its client's port."""

    def __init__(self, pid: int) -> None:
        super().__init__()
        self.process, self.ended = psutil.Process(pid), threading.Event()
        self.seen: dict[int, list[float]] = {}

    def __enter__(self) -> "Watch":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.join()

    def run(self) -> None:
        while not self.ended.wait(0.2):
            now = time.monotonic()
            for port in self.open():
                self.seen.setdefault(port, [now, now])[1] = now

    def open(self) -> set[int]:
        return {c.raddr.port for c in self.process.net_connections("tcp") if c.raddr}

    def longest(self, ports: set[int]) -> float:
        lives = [last - first for port, (first, last) in self.seen.items() if port in ports]
        return max(lives)


class Slow:
    """A slow client; `drip` sends or reads its next byte."""

    def __init__(self, port: int, kind: str) -> None:
        self.kind = kind
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        self.socket.connect(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        whole = post(LONG_ANSWER)
        head = whole.index(b"\r\n\r\n") + 4
        first = {"headers": 20, "body": head + 5, "read": len(whole), "silent": 0, "blank": 0}
        sent = first[kind]
        self.socket.sendall(whole[:sent])
        self.rest = iter(whole[sent:]) if kind != "blank" else iter(b"\r\n" * 100)

    def __enter__(self) -> "Slow":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def drip(self) -> None:
        try:
            if self.kind == "read":
                self.socket.recv(1, socket.MSG_DONTWAIT)
            elif self.kind != "silent":
                self.socket.send(bytes([next(self.rest)]))
        except OSError:
            self.kind = "silent"


@pytest.mark.parametrize(
    ("each", "settings", "most"),
    [(8, QUICK, 15), pytest.param(40, {}, 15, marks=pytest.mark.soak)],
)
def test_slow_clients_are_closed_and_others_served(scripted, each, settings, most, record):
    with (
        scripted(**settings) as server,
        Watch(server.process.pid) as watch,
        ExitStack() as sockets,
    ):
        kinds = ("headers", "body", "read", "silent", "blank")
        slow = [
            sockets.enter_context(Slow(server.port, kind)) for kind in kinds for _ in range(each)
        ]
        served = 0
        ports = {client.port for client in slow}
        end = time.monotonic() + most + 5
        # What the kernel took but the server has not accepted yet is not open there.
        while time.monotonic() < end and (not ports <= watch.seen.keys() or ports & watch.open()):
            for client in slow:
                client.drip()
            with Connection(server.port, timeout=30) as connection:
                assert connection.ask(post("hello")).status == 200
            served += 1
            time.sleep(0.5)
        assert ports <= watch.seen.keys()
        assert not ports & watch.open()
        longest = watch.longest(ports)
        assert longest <= most
        assert not server.errors
    record(
        "slow headers, slow body, slow read, silence, blank lines: 200 connections",
        "each closed in 15 s; normal requests all answered",
        f"{len(slow)} connections closed in {longest:.1f} s, {served} of {served} answered",
    )


def test_closing_the_slow_resets_nobody_else(scripted):
    # A new connection gets the number of one that was closed in the same turn.
    with scripted(SERVING_IDLE_TIMEOUT="1") as server, ExitStack() as idle:

        def ask_anew(_):
            with Connection(server.port) as connection:
                return connection.ask(get("/ping")).status

        for _ in range(300):
            idle.enter_context(Connection(server.port))
        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(ask_anew, range(3_000))) == {200}


def test_a_slow_request_is_told_so(scripted):
    with scripted(**QUICK) as server, Connection(server.port) as connection:
        connection.socket.sendall(post("hello")[:-3])
        answer = connection.answer()
        assert (answer.status, answer.code) == (408, "request_timeout")
        assert answer.closes
        assert connection.is_closed()


def test_a_refused_upload_still_gets_its_answer(scripted):
    with scripted(SERVING_MAX_BODY="1000") as server, Connection(server.port) as connection:
        head = b"POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n"
        answer = connection.ask(head + b"x" * 3_000_000)
        assert (answer.status, answer.code) == (413, "too_large")


# A busy machine gets more time in the quick one.
@pytest.mark.parametrize(
    ("count", "most"), [(100, 10), pytest.param(500, 1, marks=pytest.mark.soak)]
)
def test_idle_connections_do_not_keep_a_new_one_out(scripted, count, most, record):
    with scripted() as server, ExitStack() as idle:
        for _ in range(count):
            idle.enter_context(Connection(server.port))
        started = time.monotonic()
        with Connection(server.port) as connection:
            assert connection.ask(post("hello")).status == 200
        seconds = time.monotonic() - started
        assert seconds < most
    record(
        "500 idle connections",
        "a new request is answered in 1 s",
        f"{count} idle: answered in {1000 * seconds:.0f} ms",
    )


@pytest.mark.soak
@pytest.mark.parametrize("mode", ["-H", "-B"])
def test_slowhttptest_does_not_make_it_unavailable(scripted, mode, record):
    assert shutil.which("slowhttptest"), "apt-get install slowhttptest"
    with scripted() as server, Watch(server.process.pid) as watch:
        command = ["slowhttptest", mode, "-c", "200", "-r", "100", "-i", "3", "-l", "25", "-p", "3"]
        subprocess.run(
            [*command, "-u", f"{server.url}/invocations"], check=False, stdout=subprocess.DEVNULL
        )
        longest = watch.longest(set(watch.seen))
        with Connection(server.port) as connection:
            assert connection.ask(post("hello")).status == 200
    assert longest <= 15
    record(
        f"slowhttptest {mode} with 200 connections",
        "each closed in 15 s",
        f"{len(watch.seen)} connections, the longest open for {longest:.1f} s",
    )
