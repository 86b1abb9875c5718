"""waitress's threads, started as they are needed."""

from typing import Any

from waitress.task import ThreadedTaskDispatcher


class Dispatcher(ThreadedTaskDispatcher):
    """Starts at most ``most`` threads, each when a task finds none idle.

    A place for each of 64 requests is a thread of its own: all at once they
    would take a tenth of a start, and most processes never need most of them.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def add_task(self, task: Any) -> None:
        with self.lock:
            count = len(self.threads)
            idle = count - self.stop_count - self.active_count
            is_short = len(self.queue) >= idle and count < self._most
        if is_short:
            self.set_thread_count(count + 1)
        super().add_task(task)
