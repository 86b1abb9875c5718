"""What a batch transform sends, sent to the real server: lines in, the same lines out."""

import re
import threading
import time
from itertools import cycle, islice

import psutil
import pytest

from client.transform_job import container_settings
from tests.client.transform import assemble, payloads, transform
from tests.running import ROOT, Server

MB = 2**20
LIFTED = container_settings(payload_mb=1)


def numbered(count: int) -> bytes:
    """One number a line, in words that come back with it."""
    return b"".join(b"Line %d of the text\n" % number for number in range(count))


def numbers(data: bytes) -> list[int]:
    return list(map(int, re.findall(r"\d+", data.decode())))


@pytest.mark.parametrize("most", [64, 4096, MB])
def test_lines_come_back_in_order(pseudo, most):
    out = transform(numbered(2000), pseudo.url, most, concurrent=4)
    assert numbers(out) == list(range(2000))


@pytest.mark.parametrize(
    "data",
    [b"one\n\n\nfour\n", b"one\r\n\r\nthree\r\n", b"  \n", b"one\n", b"one\ntwo"],
    ids=repr,
)
def test_blank_lines_and_line_ends_stay(pseudo, data):
    out = transform(data, pseudo.url, 4096, concurrent=1)
    assert out.count(b"\r\n") == data.count(b"\r\n")
    assert out.count(b"\n") == len(data.splitlines())


def test_the_embedded_model_gives_each_line_its_own_translation(server):
    lines = (ROOT / "tests/data/sample.en").read_text("utf-8").splitlines()[:60]
    with Server(ROOT / "models" / "en_de", **LIFTED) as alone:
        out = transform("\n".join(lines).encode(), alone.url, 1000, concurrent=2)
    one_by_one = [item["text"] for item in server.translate(*lines).json["translations"]]
    assert out.decode().splitlines() == one_by_one


def test_payloads_are_whole_lines_of_at_most_the_size():
    data = numbered(1000)
    parts = list(payloads(data, 700))
    assert b"".join(parts) == data == assemble(parts)
    assert all(part.endswith(b"\n") and len(part) <= 700 for part in parts)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_100_000_lines_in_payloads_of_a_megabyte():
    """The embedded model, two payloads under way; memory follows a payload, not the file."""
    lines = (ROOT / "tests/data/sample.en").read_text("utf-8").splitlines()
    half = "".join(f"{line}\n" for line in islice(cycle(lines), 50_000)).encode()
    with Server(ROOT / "models" / "en_de", **LIFTED) as alone, Memory(alone) as memory:
        expected = transform("\n".join(lines).encode(), alone.url, MB, concurrent=1)
        started = time.monotonic()
        first = transform(half, alone.url, MB, concurrent=2)
        settled = memory.peak()
        second = transform(half, alone.url, MB, concurrent=2)
        seconds = time.monotonic() - started
    print(
        f"{2 * len(half)} bytes in {seconds:.0f} s; memory at most {settled >> 20} MB in the first "
        f"half, {memory.peak() >> 20} MB in all"
    )
    assert first.decode().splitlines() == list(
        islice(cycle(expected.decode().splitlines()), 50_000)
    )
    assert second == first
    assert memory.peak() <= max(1.1 * settled, settled + 20 * MB)
    assert memory.peak() < 1024 * MB


class Memory:
    """Samples a server's resident memory ten times a second."""

    def __init__(self, server: Server) -> None:
        self._process = psutil.Process(server.process.pid)
        self._samples: list[int] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def peak(self) -> int:
        return max(self._samples)

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self._samples.append(self._process.memory_info().rss)
