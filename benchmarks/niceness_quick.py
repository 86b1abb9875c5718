"""`python -m benchmarks.niceness [NICENESS…]`: what the priority of the engine's threads changes.

The waits of short requests one at a time, and of `/ping` while documents are translated, each
beside other programs that never rest. Rounds alternate, so that what else the machine does falls on
all alike.
"""

import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from statistics import median

from benchmarks.corpus import MODEL, sentences
from benchmarks.load import post
from benchmarks.processes import Ours

_LOADS = (0, 4)
_ROUNDS = 2
_SECONDS = 4.0
_START = (
    "import sys; from serving.lifecycle import loading; loading._NICENESS = {}; "
    "from serving.lifecycle.command import main; sys.exit(main(sys.argv[1:]))"
)


class Polite(Ours):
    """Ours, its engine at another niceness."""

    def __init__(self, niceness: int) -> None:
        super().__init__(MODEL)
        self._niceness = niceness

    def start(self) -> None:
        options = ["--port", str(self.port), "--models", str(self._folder)]
        self._run(sys.executable, "-c", _START.format(self._niceness), *options, **self._settings)


@contextmanager
def _busy(count: int) -> Iterator[None]:
    loop = [sys.executable, "-S", "-c", "while True: pass"]
    programs = [subprocess.Popen(loop) for _ in range(count)]
    try:
        yield
    finally:
        for program in programs:
            program.kill()
            program.wait()


def _short_requests(url: str) -> Iterator[float]:
    texts, end = cycle(sentences()), time.perf_counter() + _SECONDS
    while time.perf_counter() < end:
        started = time.perf_counter()
        post(url, next(texts))
        yield time.perf_counter() - started


def _pings(server: Ours) -> Iterator[float]:
    document, over = "\n".join(sentences()[:400]), threading.Event()

    def translate() -> None:
        while not over.is_set():
            post(server.url, document)

    clients = [threading.Thread(target=translate) for _ in range(2)]
    for client in clients:
        client.start()
    end = time.perf_counter() + _SECONDS
    while time.perf_counter() < end:
        started = time.perf_counter()
        server.is_ready()
        yield time.perf_counter() - started
        time.sleep(0.02)
    over.set()
    for client in clients:
        client.join()


def main(niceness: list[int]) -> None:
    waits: dict[tuple[str, int, int], list[float]] = defaultdict(list)
    for _ in range(_ROUNDS):
        for load in _LOADS:
            for nice in niceness:
                with Polite(nice) as server, _busy(load):
                    waits["short request", load, nice] += _short_requests(server.url)
                    waits["/ping", load, nice] += _pings(server)
    for (what, load, nice), found in sorted(waits.items()):
        p99 = sorted(found)[int(0.99 * (len(found) - 1))]
        print(
            f"{what:13} beside {load:2} busy, engine at +{nice}: median "
            f"{1000 * median(found):7.1f} ms, p99 {1000 * p99:7.1f} ms ({len(found)})"
        )


if __name__ == "__main__":
    main([int(value) for value in sys.argv[1:]] or [0, 5])
