"""One worker process: a line of JSON in, a line of JSON out."""

import json
import os
import select
import subprocess
import time
from collections.abc import Sequence
from typing import IO, Any, cast

_LONGEST = 20.0
"""Seconds for one answer; a request has 25. A program that takes longer hangs."""

_START = 120.0
"""Seconds until the program is ready; a large model comes from a slow disk."""


class WorkerLost(RuntimeError):
    """The process ended, or was ended because it did not answer."""


class Worker:
    """A program that says ``{"ready": …}`` first, then answers each line with a line.

    Belongs to one thread at a time. The program ends when its standard input does, so it
    never outlives this process, however that ends. What it prints on standard error is thrown
    away: a native library may print the text it failed on.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - a program of ours
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,  # Ctrl+C is for the server, which drains
        )
        self._in = cast(IO[bytes], self._process.stdin)
        self._out = cast(IO[bytes], self._process.stdout)
        self._rest = b""

    def wait_until_ready(self) -> dict[str, Any]:
        """What the program says first. Raises `WorkerLost`."""
        found: dict[str, Any] = self._read(_START)
        return found

    def ask(self, question: Any) -> Any:
        """The program's answer. Raises `WorkerLost`; the worker is of no use then."""
        try:
            self._write(json.dumps(question).encode() + b"\n")
        except OSError as error:
            raise self._lost() from error
        return self._read(_LONGEST)

    def close(self) -> None:
        """End the program, and wait until it has ended."""
        self._process.kill()
        self._process.wait()
        self._in.close()
        self._out.close()

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._in.fileno(), data) :]

    def _read(self, seconds: float) -> Any:
        try:
            return json.loads(self._line(seconds))
        except ValueError as error:
            raise self._lost() from error

    def _line(self, seconds: float) -> bytes:
        file, parts = self._out.fileno(), [self._rest]
        deadline = time.monotonic() + seconds
        poll = select.poll()
        poll.register(file, select.POLLIN)
        while b"\n" not in parts[-1]:
            if not poll.poll(max(0.0, 1000 * (deadline - time.monotonic()))):
                raise self._lost()
            chunk = os.read(file, 1 << 16)
            if not chunk:
                raise self._lost()
            parts.append(chunk)
        line, _, self._rest = b"".join(parts).partition(b"\n")
        return line

    def _lost(self) -> WorkerLost:
        self.close()
        code = self._process.returncode
        return WorkerLost(f"The engine's process ended with code {code}, or did not answer.")
