"""The inputs that once froze or swelled the server, 16 at a time: probes are answered meanwhile."""

import asyncio
import time
from contextlib import suppress
from itertools import cycle, islice

import pytest

from tests.reliability.raw import get
from tests.reliability.test_overload import _ask, _connection, _p99
from tests.reliability.worst_inputs import CONTRACT, LARGEST, PUBLIC
from tests.running import MODELS, Server

CLIENTS = 16
INPUTS = CONTRACT | PUBLIC
PROBES = ("/ping", "/livez")
PROMISE = 0.25  # seconds, of nearly every probe, on a machine that has nothing else to do
FROZEN = 5.0  # seconds that no load of the machine explains; each fault took more


class Siege:
    """Clients that send ``requests`` again and again, while others ask the probes."""

    def __init__(self, port, requests, seconds):
        self.port, self.requests, self.seconds = port, requests, seconds
        self.statuses = []
        self.is_over = False
        self.waits = {path: [] for path in PROBES}

    def run(self):
        asyncio.run(self._run())
        return self

    async def _run(self):
        end = time.monotonic() + self.seconds
        probes = [asyncio.create_task(self._probe(path)) for path in self.waits]
        await asyncio.gather(*(self._client(end, number) for number in range(CLIENTS)))
        self.is_over = True  # whatever was begun in time is answered, and was probed beside
        await asyncio.gather(*probes)

    async def _client(self, end, number):
        """Begins with a request of its own, so that all kinds are under way at once."""
        for request in islice(cycle(self.requests), number, None):
            if time.monotonic() > end:
                return
            async with _connection(self.port) as (reader, writer):
                with suppress(ConnectionError):
                    status, _, _ = await _ask(reader, writer, request)
                    self.statuses.append(status)

    async def _probe(self, path):
        while not self.is_over:
            started = time.monotonic()
            async with _connection(self.port) as streams:
                status, _, _ = await _ask(*streams, get(path))
            assert status == 200
            self.waits[path].append(time.monotonic() - started)
            await asyncio.sleep(0.02)

    def p99(self, path):
        return _p99(self.waits[path])


HONEST = {200, 400, 413, 503, 504}


@pytest.fixture(scope="module")
def besieged():
    with Server(MODELS, **LARGEST) as server:
        yield server
        assert server.stop() == 0
        assert not [line for line in server.log if line["level"] in ("error", "critical")]


ALL = "all of them at once"
QUICK = (
    "a percent sign and zeros",
    "many keep terms alike",
    "keys that come twice",
    "words in chunks",
    "/translate: a form of percent signs",
    "/v2/translate: a list of numbers",
)
CASES = [
    *(pytest.param(name, 1, id=name) for name in QUICK),
    *(pytest.param(name, 5, marks=pytest.mark.soak, id=f"{name}, 5 s") for name in INPUTS),
    pytest.param(ALL, 30, marks=pytest.mark.soak, id=ALL),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seconds"), CASES)
def test_probes_are_answered_under_the_worst_inputs(besieged, name, seconds, record):
    requests = [INPUTS[name]] if name in INPUTS else list(INPUTS.values())
    siege = Siege(besieged.port, requests, seconds).run()
    found = ", ".join(map(str, sorted(set(siege.statuses))))
    figure = (
        f"{len(siege.statuses)} answered ({found}); p99 of /ping {1000 * siege.p99('/ping'):.0f} "
        f"ms, of /livez {1000 * siege.p99('/livez'):.0f} ms"
    )
    print(f"{name}: {figure}")
    assert set(siege.statuses) <= HONEST
    assert siege.statuses
    for path in PROBES:
        assert siege.p99(path) <= (FROZEN if seconds == 1 else PROMISE), figure
    record(
        f"{CLIENTS} clients at once with {name}",
        "400, 413, 503, or 200 in time; p99 of /ping and of /livez ≤ 250 ms",
        figure,
    )
