"""Turns: how many large requests compute in Python at the same time.

Python lets one thread run at a time, and each call into C keeps the others waiting until it
returns. Of a dozen large requests at once the server's loop would wait for all, again and
again; now it waits for one.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from serving.lanes.caller import Caller

_AT_ONCE = 1

_LARGE = 16 * 1024
"""Bytes of a body from which on a request takes turns: 10 ms of Python and more."""

_turns = threading.BoundedSemaphore(_AT_ONCE)


class Turn:
    """The turn of one large request, which several threads may serve."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._lock = threading.Lock()
        self._is_held = self._is_over = False

    def resume(self) -> None:
        """Raises `TimedOut` where the turn does not come in the caller's time."""
        if not _turns.acquire(timeout=self._caller.seconds_left()):
            raise self._caller.timed_out()
        with self._lock:
            if self._is_held or self._is_over:
                _turns.release()
            else:
                self._is_held = True

    def pause(self) -> None:
        with self._lock:
            if self._is_held:
                self._is_held = False
                _turns.release()

    def end(self) -> None:
        """Whatever thread still serves the request goes on without it."""
        self.pause()
        with self._lock:
            self._is_over = True


_current: ContextVar[Turn | None] = ContextVar("turn", default=None)


def is_large(size: int) -> bool:
    """Whether a request with a body of ``size`` bytes takes turns."""
    return size >= _LARGE


@contextmanager
def in_turn(caller: Caller) -> Iterator[None]:
    """Around the work for a large request, in a thread of its own.

    Raises `TimedOut` where others computed all of the caller's time.
    """
    turn = Turn(caller)
    turn.resume()
    token = _current.set(turn)
    try:
        yield
    finally:
        _current.reset(token)
        turn.end()


@contextmanager
def out_of_turn() -> Iterator[None]:
    """Around a wait: others compute meanwhile. Raises `TimedOut`, as `in_turn` does."""
    turn = _current.get()
    if turn is None:
        yield
        return
    turn.pause()
    try:
        yield
    finally:
        turn.resume()
