"""waitress's threads, started as they are needed."""

import _thread
from collections.abc import Callable
from typing import Any

from waitress.task import ThreadedTaskDispatcher


class Dispatcher(ThreadedTaskDispatcher):
    """Starts at most ``maximum`` threads, each when a task finds none idle.

    A place for each of 64 requests is a thread of its own: all at once they
    would take a tenth of a start, and most processes never need most of them.
    """

    def __init__(self, maximum: int) -> None:
        super().__init__()
        self._maximum = maximum

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        """Without waiting until it runs, as `threading.Thread.start` does: where memory is out,
        a thread ends before it runs, and the server's loop would wait for ever."""
        _thread.start_new_thread(target, (thread_no,))

    def add_task(self, task: Any) -> None:
        with self.lock:
            count = len(self.threads)
            idle = count - self.stop_count - self.active_count
            is_short = len(self.queue) >= idle and count < self._maximum
        if is_short:
            self._start_another()
        super().add_task(task)

    def _start_another(self) -> None:
        """Raises `RuntimeError` only where there is no thread at all to take the task."""
        known = set(self.threads)
        try:
            self.set_thread_count(len(known) + 1)
        except (RuntimeError, MemoryError):  # no further thread; waitress counts it in
            self.threads &= known
            if not known:
                raise
