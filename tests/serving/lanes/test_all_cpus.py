"""One container uses all the CPUs that it gets: so many threads of the engine work at a time."""

import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.running import MODELS, Server

SENTENCES = [f"The report number {n} will be published in the next week." for n in range(240)]


def threads_at_work(pid):
    """How many threads run, or wait for a CPU only."""
    return sum(map(is_at_work, Path(f"/proc/{pid}/task").glob("*/stat")))


def is_at_work(stat):
    try:
        return stat.read_text().rpartition(")")[2].split()[0] == "R"
    except (FileNotFoundError, ProcessLookupError):
        return False  # the thread has ended since it was listed


@pytest.mark.slow  # it takes all CPUs
@pytest.mark.parametrize("cpus", [1, 2])
def test_as_many_threads_translate_as_there_are_cpus(cpus):
    own = sorted(os.sched_getaffinity(0))
    if len(own) < cpus:
        pytest.skip(f"this machine gives {len(own)} CPUs, and it takes {cpus}")
    server = Server(MODELS / "en_pt", SERVING_TIMEOUT="100")
    server.command = ["taskset", "-c", ",".join(map(str, own[:cpus])), *server.command]
    with server, ThreadPoolExecutor(1) as pool:
        assert server.wait_for_log("ready")["cpus"] == cpus
        server.translate("A first text loads what all need.", target="pt")
        request = pool.submit(server.translate, *SENTENCES, target="pt")
        seen = []
        while not request.done():
            seen.append(threads_at_work(server.process.pid))
            time.sleep(0.005)
    assert request.result().status == 200
    # What takes the texts apart and joins them runs beside them for a few samples only.
    assert statistics.median(seen) == cpus, seen
