"""translate.py as a user starts it: a process with arguments, standard input and an environment."""

import os
import pty
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.running import ROOT

SCRIPT = ROOT / "translate.py"


@dataclass
class End:
    """How a run ended."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()


class CommandLine:
    """``run("Hello", stdin=b"…")`` against the service in ``environment``."""

    def __init__(self, **environment: str) -> None:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TRANSLATE_", "AWS_"))
        }
        self.environment = {**inherited, **environment}

    def start(self, *arguments: object, **options: Any) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(SCRIPT), *map(str, arguments)]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, env=self.environment, **(pipes | options))

    def run(self, *arguments: object, stdin: bytes = b"") -> End:
        with self.start(*arguments, stdin=subprocess.PIPE) as process:
            out, err = process.communicate(stdin, timeout=100)
        return End(process.returncode, out, err.decode())

    def run_on_terminal(self, *arguments: object, typed: str = "") -> End:
        """With a terminal for standard input and error, where people see the bar."""
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (24, 80))
        with self.start(*arguments, stdin=theirs, stderr=theirs) as process:
            os.close(theirs)
            os.write(ours, typed.encode())
            shown = _read_all(ours)
            out = process.stdout.read()
        os.close(ours)
        return End(process.returncode, out, shown.decode())


def _read_all(terminal: int) -> bytes:
    shown = b""
    try:
        while part := os.read(terminal, 4096):
            shown += part
    except OSError:  # Linux's way to say that the other side is closed
        pass
    return shown


def wait_for(condition: Callable[[], object]) -> None:
    """Until it holds; half a minute at most."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)
