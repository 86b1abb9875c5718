"""One container uses all the CPUs that it gets: so many threads of the engine work at a time."""

import os
from pathlib import Path

import pytest

from tests.running import MODELS, Server

SENTENCES = [f"The report number {n} will be published in the next week." for n in range(60)]


def work_of_threads(pid):
    """{thread: ticks of CPU time}"""
    found = {}
    for path in Path(f"/proc/{pid}/task").glob("*/stat"):
        fields = path.read_text().rpartition(")")[2].split()
        found[path.parent.name] = sum(map(int, fields[11:13]))
    return found


@pytest.mark.slow  # it takes all CPUs
@pytest.mark.parametrize("cpus", [1, 2])
def test_as_many_threads_translate_as_there_are_cpus(cpus):
    own = sorted(os.sched_getaffinity(0))
    if len(own) < cpus:
        pytest.skip(f"this machine gives {len(own)} CPUs, and it takes {cpus}")
    server = Server(MODELS / "en_pt", SERVING_TIMEOUT="100")
    server.command = ["taskset", "-c", ",".join(map(str, own[:cpus])), *server.command]
    with server:
        assert server.wait_for_log("ready")["cpus"] == cpus
        before = work_of_threads(server.process.pid)
        assert server.translate(*SENTENCES, target="pt").status == 200
        after = work_of_threads(server.process.pid)
    used = sorted((after[thread] - before.get(thread, 0) for thread in after), reverse=True)
    busy = [ticks for ticks in used if ticks > 0.3 * used[0]]
    assert len(busy) == cpus + 1, used  # one more takes the texts apart and joins them
