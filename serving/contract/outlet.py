"""Lines to a file descriptor that perhaps nobody reads: they are dropped, never waited for."""

import os
import select
from contextlib import suppress

_PIECE = 4096
"""Bytes: what a pipe that is writable takes at once (pipe(7), PIPE_BUF)."""


class Outlet:
    """Takes whole lines, one at a time, or refuses them while the reader lags behind.

    The descriptor itself stays as it is: other processes may share it, and would not
    expect it to be non-blocking.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLOUT)
        self._rest = b""

    def write(self, line: bytes) -> bool:
        """Whether ``line`` was taken; its end may be written by the next call only."""
        if not self.finish():
            return False
        left = self._write(line)
        if left == line:
            return False
        self._rest = left
        return True

    def finish(self) -> bool:
        """Whether the last line is written whole."""
        self._rest = self._write(self._rest)
        return not self._rest

    def _write(self, data: bytes) -> bytes:
        """What is left of ``data`` when no more can be written at once."""
        with suppress(OSError):  # a pipe that is closed, a disk that is full
            while data and self._is_writable():
                data = data[os.write(self._descriptor, data[:_PIECE]) :]
        return data

    def _is_writable(self) -> bool:
        return any(event & select.POLLOUT for _, event in self._poll.poll(0))
