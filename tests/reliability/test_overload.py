"""More clients than places: honest answers, probes in time, the capacity still used."""

import asyncio
import json
import re
import shutil
import subprocess
import time
from contextlib import asynccontextmanager, suppress

import pytest

from tests.reliability.raw import get, post
from tests.running import Server

PLACES = {"SERVING_CONCURRENCY": "2", "SERVING_QUEUE": "6"}
WORK = post("sleep 0.05")


class Load:
    """``clients`` that ask one request after the other, each on a connection it keeps.

    ``pause``: seconds they wait after a refusal.
    """

    def __init__(self, port, clients, seconds, request=WORK, pause=0.0) -> None:
        self.port, self.clients, self.seconds = port, clients, seconds
        self.request, self.pause = request, pause
        self.answers: list[tuple[int, float, bytes]] = []
        self.pings: list[tuple[int, float]] = []
        self.resets = 0

    def run(self) -> "Load":
        asyncio.run(self._run())
        return self

    @property
    def goodput(self) -> float:
        return sum(status == 200 for status, _, _ in self.answers) / self.seconds

    def p99(self, *statuses: int) -> float:
        return _p99([seconds for status, seconds, _ in self.answers if status in statuses])

    def ping_p99(self) -> float:
        return _p99([seconds for _, seconds in self.pings])

    async def _run(self) -> None:
        end = time.monotonic() + self.seconds
        await asyncio.gather(self._ping(end), *(self._client(end) for _ in range(self.clients)))

    async def _client(self, end: float) -> None:
        async with _connection(self.port) as streams:
            while time.monotonic() < end:
                try:
                    self.answers.append(await _ask(*streams, self.request))
                except (OSError, asyncio.IncompleteReadError):
                    self.resets += 1
                    return
                if self.pause and self.answers[-1][0] == 503:
                    await asyncio.sleep(self.pause)

    async def _ping(self, end: float) -> None:
        while time.monotonic() < end:
            started = time.monotonic()
            async with _connection(self.port) as streams:
                status, _, _ = await _ask(*streams, get("/ping"))
            self.pings.append((status, time.monotonic() - started))
            await asyncio.sleep(0.05)


@asynccontextmanager
async def _connection(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _ask(reader, writer, request: bytes) -> tuple[int, float, bytes]:
    started = time.monotonic()
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head.split()[1]), time.monotonic() - started, head


def _p99(seconds: list[float]) -> float:
    ordered = sorted(seconds)
    return ordered[int(0.99 * (len(ordered) - 1))]


def judge(capacity, load, quiet):
    """Asserts the promise; returns the figure. Figures of time only on a ``quiet`` machine."""
    assert {status for status, _, _ in capacity.answers} == {200}
    assert {status for status, _, _ in load.answers} <= {200, 503}
    refusals = [head for status, _, head in load.answers if status == 503]
    assert refusals
    assert all(b"retry-after: 1" in head.lower() for head in refusals)
    assert load.resets == 0
    assert {status for status, _ in load.pings} == {200}
    figure = (
        f"{load.seconds} s: {len(load.answers) - len(refusals)} × 200, {len(refusals)} × 503, "
        f"0 resets; p99 of refusals {1000 * load.p99(503):.0f} ms, "
        f"of /ping {1000 * load.ping_p99():.0f} ms; "
        f"goodput {100 * load.goodput / capacity.goodput:.0f} %"
    )
    print(figure)
    if quiet:
        assert load.goodput >= 0.9 * capacity.goodput, figure
        assert load.p99(503) <= 0.1, figure
        assert load.ping_p99() <= 0.2, figure
    return figure


PROMISE = (
    "only 200, or 503 with Retry-After; 0 resets; p99 of refusals ≤ 100 ms, "
    "of /ping ≤ 200 ms; goodput ≥ 90 % of capacity"
)


@pytest.mark.parametrize("seconds", [3, pytest.param(30, marks=pytest.mark.soak)])
def test_overload_gets_honest_answers(scripted, seconds, record):
    with scripted(**PLACES) as server:
        capacity = Load(server.port, clients=2, seconds=seconds).run()
        load = Load(server.port, clients=64, seconds=seconds, pause=0.1).run()
    figure = judge(capacity, load, quiet=seconds == 30)
    record(
        "overload: 64 clients on 8 places that retry ten times as fast as they are told",
        PROMISE,
        figure,
    )


@pytest.mark.soak
def test_overload_of_the_engine(record):
    text = "The house is big and old. Where is the station? " * 6
    body = json.dumps({"source": "en", "target": "de", "text": text}).encode()
    head = "POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    with Server(**PLACES, SERVING_CACHE_ENTRIES="0") as server:
        capacity = Load(server.port, 2, 30, request).run()
        load = Load(server.port, 64, 30, request, pause=1.0).run()
    figure = judge(capacity, load, quiet=True)
    record(
        "overload of the engine: 64 clients that wait the second they are told, 8 places",
        PROMISE,
        figure,
    )


SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"text": "sleep 0.05", "split": "none"}'
"""


@pytest.mark.soak
def test_wrk_sees_no_socket_error(scripted, tmp_path, record):
    assert shutil.which("wrk"), "apt-get install wrk"
    (tmp_path / "post.lua").write_text(SCRIPT)
    with scripted(**PLACES) as server:
        command = ["wrk", "-t2", "-c64", "-d10s", "-s", str(tmp_path / "post.lua")]
        found = subprocess.run(
            [*command, f"{server.url}/invocations"], check=True, text=True, capture_output=True
        ).stdout
    assert "Socket errors" not in found, found
    total = int(re.search(r"(\d+) requests in", found)[1])
    refused = int(re.search(r"Non-2xx or 3xx responses: (\d+)", found)[1])
    assert 0 < refused < total
    record(
        "wrk: 64 connections without pause for 10 s",
        "no socket error, no timeout",
        f"{total - refused} answered, {refused} refused, no socket error",
    )
