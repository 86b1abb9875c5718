"""Short requests, answered in the thread of the server's loop.

Each runs in a greenlet: while it waits for its translation, the loop goes on. A thread for each
costs more than the work it does: Python lets one of them run at a time, and waking a thread
twice a request took half of the CPU that 32 clients left to the engine.
"""

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable

from greenlet import getcurrent, greenlet

log = logging.getLogger(__name__)


class ShortTask(greenlet):
    """One short request, from its first line of code to its answer."""

    def __init__(self, work: Callable[[], None], tasks: "ShortTasks") -> None:
        super().__init__(self._work_off)
        self.tasks = tasks
        self._work = work

    def sleep(self, is_over: Callable[[], bool], seconds: float | None) -> None:
        """Let the loop go on until ``is_over()``, looked at when woken, or for ``seconds``.

        None: without end.
        """
        until = math.inf if seconds is None else time.monotonic() + seconds
        while not is_over() and time.monotonic() < until:
            self.tasks.asleep[self] = until
            self.parent.switch()
            del self.tasks.asleep[self]

    def wake(self) -> None:
        """Have the loop look whether this task's sleep is over. Safe to call from any thread."""
        self.tasks.resume(self)

    def _work_off(self) -> None:
        try:
            self._work()
        except BaseException:  # a panic of native code is no Exception
            log.exception("a short request failed")


def current() -> ShortTask | None:
    """The short task being run; None on a worker thread."""
    running = getcurrent()
    return running if isinstance(running, ShortTask) else None


def at_end(callback: Callable[[], None]) -> None:
    """Run ``callback`` at the end of this pass of the loop; at once on a worker thread."""
    task = current()
    if task is None:
        callback()
    else:
        task.tasks.finally_call(callback)


class ShortTasks:
    """The short tasks of one loop, which calls `run` whenever it was woken."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._new: deque[Callable[[], None]] = deque()
        self._ready: deque[ShortTask] = deque()
        self.asleep: dict[ShortTask, float] = {}
        """The tasks that wait, and the time at which each gives up, as of `time.monotonic`."""
        self._callbacks: dict[Callable[[], None], None] = {}
        self._is_woken = False
        self._thread = 0

    def add(self, work: Callable[[], None]) -> None:
        self._new.append(work)
        if threading.get_ident() != self._thread:
            self._wake()

    def resume(self, task: ShortTask) -> None:
        self._ready.append(task)
        if not self._is_woken:
            self._is_woken = True
            self._wake()

    def finally_call(self, callback: Callable[[], None]) -> None:
        self._callbacks[callback] = None

    def seconds_to_rest(self, maximum: float) -> float:
        """Seconds until `run` has something to do again, at most ``maximum``."""
        if self._new or self._ready:
            return 0.0
        until = min(self.asleep.values(), default=math.inf)
        return max(0.0, min(maximum, until - time.monotonic()))

    def run(self) -> None:
        """Resume every task that can go on, until each waits or ends."""
        self._thread = threading.get_ident()
        self._is_woken = False
        self._resume_late()
        for _ in range(len(self._ready)):
            self._go_on(self._ready.popleft())
        for _ in range(len(self._new)):
            self._go_on(ShortTask(self._new.popleft(), self))
        callbacks, self._callbacks = self._callbacks, {}
        for callback in callbacks:
            callback()

    def _resume_late(self) -> None:
        now = time.monotonic()
        self._ready += [task for task, until in self.asleep.items() if until <= now]

    def _go_on(self, task: ShortTask) -> None:
        if not task.dead:
            task.switch()
