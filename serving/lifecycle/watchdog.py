"""Ends a process whose handler is stuck: C++ code cannot be interrupted, only replaced."""

import logging
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from serving.lifecycle.exit import STUCK, exit_now

log = logging.getLogger(__name__)

_EVERY = 1.0
"""Seconds between two looks."""

_PAUSE = 2.0
"""Seconds by which a look must be late to count as a pause of the process."""


class Awake:
    """Seconds that this process had, without those in which it was stopped.

    A process that gets SIGSTOP, or whose machine is frozen, is late for its look and has
    used no CPU meanwhile. One that is late because it computed is not paused.
    """

    def __init__(self) -> None:
        self._pauses: list[tuple[float, float]] = []
        self._looked, self._used = time.monotonic(), time.process_time()

    def look(self, wait: float) -> None:
        """To be called about ``wait`` seconds after the last time."""
        now, used = time.monotonic(), time.process_time()
        late = now - self._looked - wait
        if late > _PAUSE and used - self._used < late / 2:
            self._pauses.append((self._looked, late))
        self._looked, self._used = now, used

    def of(self, seconds: float) -> float:
        """Of the last ``seconds``, those without pauses. Forgets pauses before them."""
        started = self._looked - seconds
        self._pauses = [(at, late) for at, late in self._pauses if at + late > started]
        return seconds - sum(min(late, at + late - started) for at, late in self._pauses)


def watch(longest: Callable[[], float], limit: float) -> None:
    """In a thread of its own: end with `STUCK` once ``longest()`` exceeds ``limit`` seconds."""
    threading.Thread(target=_watch, args=(longest, limit), name="watchdog", daemon=True).start()


def _watch(longest: Callable[[], float], limit: float) -> None:
    awake = Awake()
    while (seconds := awake.of(longest())) <= limit:
        wait = min(_EVERY, limit - seconds + 0.01)
        time.sleep(wait)
        awake.look(wait)
    log.critical(
        "A translation is stuck; the process ends with code %d so that its supervisor "
        "starts a new one. The stacks say where it hangs.",
        STUCK,
        extra={"fields": {"seconds": round(seconds), "stacks": _stacks()}},
    )
    exit_now(STUCK)


def _stacks() -> dict[str, list[str]]:
    """Of every thread, the innermost frame last. Not `faulthandler`'s: it would wait for a
    reader of the log, with Python's lock held."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return {
        f"{names.get(number, 'request')} {number}": _lines(frame)
        for number, frame in sys._current_frames().items()
    }


def _lines(frame: FrameType | None) -> list[str]:
    lines: list[str] = []
    while frame is not None:
        lines.insert(0, f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return lines
