"""One container uses all the CPUs that it gets: as many engines' threads work as there are CPUs."""

import os
from pathlib import Path

import pytest

from tests.running import MODELS, Server

TICKS = os.sysconf("SC_CLK_TCK")
SENTENCES = [f"The report number {n} will be published in the next week." for n in range(60)]


def seconds_of_threads(pid):
    """CPU time that each thread has used."""
    stats = {
        path.parent.name: path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/stat")
    }
    return {
        thread: sum(map(int, text.rpartition(")")[2].split()[11:13])) / TICKS
        for thread, text in stats.items()
    }


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
    used = sorted((after[thread] - before.get(thread, 0) for thread in after), reverse=True)
    busy = [seconds for seconds in used if seconds > 0.5 * used[0]]
    assert len(busy) == cpus, used
