"""Without a server, the command line has one of its own for as long as it takes."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from client.own_server import someone_listens
from tests.client.running import CommandLine, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(someone_listens(), reason="something listens on port 8080 here"),
]


@pytest.fixture
def marked(tmp_path):
    return CommandLine(MARK=str(tmp_path))


def servers(marked):
    """Processes of ours that serve."""
    mark = f"MARK={marked.environment['MARK']}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found += [process.name] if b"serving" in (process / "cmdline").read_bytes() else []
    return found


def test_a_text_is_translated_and_nothing_is_left(marked):
    end = marked.run("Hello world!")
    assert (end.code, end.text, end.err) == (0, "Hallo Welt!\n", "")
    wait_for(lambda: not servers(marked))


def test_it_ends_even_with_a_killed_command(marked):
    with marked.start(stdin=subprocess.PIPE) as process:
        process.stdin.write(b"Hello world!\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"Hallo Welt!\n"
        assert servers(marked)
        process.send_signal(signal.SIGKILL)
    wait_for(lambda: not servers(marked))


def test_why_it_cannot_start_is_said():
    end = CommandLine(SERVING_MODELS="/nonexistent").run("Hello world!")
    assert (end.code, end.text) == (5, "")
    assert end.err == (
        "translate.py: The server of this command cannot start: serving: /nonexistent is no "
        "folder. Name one with --models or SERVING_MODELS.\n"
    )


def test_a_python_without_the_packages_is_told_to_start_one(tmp_path):
    script = Path(__file__).parents[2] / "translate.py"
    code = f"import sys; sys.path.insert(0, {str(script.parent)!r}); sys.argv = ['x', 'Hello'];"
    code += "from client.command import main; main()"
    bare = [os.path.realpath("/usr/bin/env"), "python3", "-S", "-E", "-I", "-c", code]
    done = subprocess.run(bare, capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
    assert done.returncode == 3
    assert "Start one with `make run`" in done.stderr
