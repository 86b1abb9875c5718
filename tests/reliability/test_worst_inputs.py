"""The inputs that once froze or swelled the server, at the largest size it takes, 16 at a time."""

import asyncio
import json
import time
from contextlib import suppress

import pytest

from tests.reliability.raw import get
from tests.reliability.test_overload import _ask, _connection, _p99
from tests.running import Server

CHARACTERS = 100_000
BODY = 4 * 2**20
CLIENTS = 16


def filled(pattern, prefix="", suffix=""):
    room = CHARACTERS - len(prefix) - len(suffix)
    return prefix + (pattern * (room // len(pattern) + 1))[:room] + suffix


def text(text, **fields):
    return json.dumps({"source": "en", "target": "de", "text": text, **fields}).encode()


TAGS = "".join(f"<t{number % 3000}>a</t{number % 3000}> " for number in range(5000))
INPUTS = {
    "capitals before wide spaces": text(filled("vitamin C\u00a0. ")),
    "a percent sign and zeros": text(filled("0", "%")),
    "a source of a megabyte": text("Hello!").replace(b'"en"', b'"%s"' % (b"e" * 1_000_000)),
    "a keep term in every word": text(filled("a_"), keep=["_"]),
    "many keep terms alike": text(filled("-"), keep=["-" * 200 + str(n) for n in range(4000)]),
    "keys that come twice": b"{" + b'"a":1,' * (BODY // 6 - 2) + b'"a":1}',
    "keys that are all different": json.dumps({str(n): 1 for n in range(300_000)}).encode(),
    "a list of numbers": b'{"texts":[' + b"1," * (BODY // 2 - 20) + b"1]}",
    "brackets that do not close": text(filled("(", "a", "a 😀"), split="none"),
    "capitals in one piece": text(filled("AB "), split="none"),
    "a character reference of digits": text(filled("1", "&#", ";"), format="html"),
    "many tags to be ignored": text(
        TAGS[:CHARACTERS], format="xml", ignore_tags=[f"t{n}" for n in range(4000)]
    ),
    "words": text(filled("word ")),
    "marked-up words": text(filled("<b>a</b> b "), format="html"),
}


def request(body):
    head = "POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Siege:
    """Clients that send ``bodies`` again and again, while others ask the probes."""

    def __init__(self, port, bodies, seconds):
        self.port, self.bodies, self.seconds = port, bodies, seconds
        self.statuses = []
        self.waits = {"/ping": [], "/livez": []}

    def run(self):
        asyncio.run(self._run())
        return self

    async def _run(self):
        end = time.monotonic() + self.seconds
        clients = (self._client(end, self.bodies[n % len(self.bodies)]) for n in range(CLIENTS))
        await asyncio.gather(*clients, *(self._probe(end, path) for path in self.waits))

    async def _client(self, end, body):
        while time.monotonic() < end:
            async with _connection(self.port) as (reader, writer):
                with suppress(ConnectionError):
                    status, _, _ = await _ask(reader, writer, request(body))
                    self.statuses.append(status)

    async def _probe(self, end, path):
        while time.monotonic() < end:
            started = time.monotonic()
            async with _connection(self.port) as streams:
                status, _, _ = await _ask(*streams, get(path))
            assert status == 200
            self.waits[path].append(time.monotonic() - started)
            await asyncio.sleep(0.02)

    def p99(self, path):
        return _p99(self.waits[path])


HONEST = {200, 400, 413, 503}


@pytest.fixture(scope="module")
def besieged():
    with Server() as server:
        yield server
        assert server.stop() == 0
        assert not [line for line in server.log if line["level"] in ("error", "critical")]


ALL = "all of them at once"
QUICK = ("a percent sign and zeros", "many keep terms alike", "keys that come twice")
CASES = [
    *(pytest.param(name, 1, id=name) for name in QUICK),
    *(pytest.param(name, 10, marks=pytest.mark.soak, id=f"{name}, 10 s") for name in INPUTS),
    pytest.param(ALL, 10, marks=pytest.mark.soak, id=ALL),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seconds"), CASES)
def test_probes_are_answered_under_the_worst_inputs(besieged, name, seconds, record):
    bodies = [INPUTS[name]] if name in INPUTS else list(INPUTS.values())
    siege = Siege(besieged.port, bodies, seconds).run()
    figure = (
        f"{len(siege.statuses)} answered; p99 of /ping {1000 * siege.p99('/ping'):.0f} ms, "
        f"of /livez {1000 * siege.p99('/livez'):.0f} ms"
    )
    print(f"{name}: {figure}, {sorted(set(siege.statuses))}")
    assert set(siege.statuses) <= HONEST
    assert siege.statuses
    if seconds == 10:  # figures of time only on a quiet machine
        assert siege.p99("/ping") <= 0.25, figure
    record(
        f"{CLIENTS} clients at once with {name}",
        "200, 400, 413 or 503; p99 of /ping ≤ 250 ms",
        figure,
    )
