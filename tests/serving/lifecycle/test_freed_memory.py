"""Garbage is looked for now and then, not because many requests are under way."""

import subprocess
import sys

OBJECTS = """
import gc, time
from serving.lifecycle import freed_memory
freed_memory._PAUSE, freed_memory._SHARE = {pause}, 1
freed_memory.tidy()
kept = [[number] for number in range(1_000_000)]
kept.append(kept)
del kept
time.sleep(3 * {pause} if {pause} < 1 else 0)
print(gc.get_stats()[2]["collections"], len(gc.get_objects()) > 500_000)
"""


def ran(pause):
    command = [sys.executable, "-c", OBJECTS.format(pause=pause)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_a_million_objects_set_off_no_full_collection():
    assert ran(60) == ["0", "True"]


def test_what_refers_to_itself_is_found_after_a_while():
    collections, is_kept = ran(0.5)
    assert int(collections) > 0
    assert is_kept == "False"
