"""One container uses all the CPUs that it gets: as many engines' threads work as there are CPUs."""

import os
from pathlib import Path

import pytest

from tests.running import MODELS, Server

TICKS = os.sysconf("SC_CLK_TCK")
SENTENCES = [f"The report number {n} will be published in the next week." for n in range(100)]


def seconds_of_threads(pid):
    """CPU time that each thread has used, most first."""
    stats = [
        path.read_text().rpartition(")")[2] for path in Path(f"/proc/{pid}/task").glob("*/stat")
    ]
    return sorted((sum(map(int, s.split()[11:13])) / TICKS for s in stats), reverse=True)


@pytest.mark.parametrize("cpus", [1, 2])
def test_as_many_threads_translate_as_there_are_cpus(cpus):
    own = sorted(os.sched_getaffinity(0))
    if len(own) < cpus:
        pytest.skip(f"this machine gives {len(own)} CPUs, and it takes {cpus}")
    server = Server(MODELS / "en_pt", SERVING_TIMEOUT="100")
    server.command = ["taskset", "-c", ",".join(map(str, own[:cpus])), *server.command]
    with server:
        assert server.wait_for_log("ready")["cpus"] == cpus
        before = seconds_of_threads(server.process.pid)
        assert server.translate(*SENTENCES, target="pt").status == 200
        after = seconds_of_threads(server.process.pid)
    busy = [seconds for seconds in after if seconds > 0.3 * after[0]]
    assert len(busy) == cpus, (before, after)
