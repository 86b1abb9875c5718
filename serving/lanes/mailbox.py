"""The place in which a request finds what another thread has made for it."""

from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from serving.lanes.short_tasks import ShortTask, current
from serving.lanes.turns import out_of_turn

T = TypeVar("T")


class Mailbox(Generic[T]):
    """A value from another thread, for one that waits: a thread, or a short request."""

    def __init__(self) -> None:
        self._values: SimpleQueue[T] = SimpleQueue()
        self._task: ShortTask | None = None

    def put(self, value: T) -> None:
        """Put the value there. To be called once, from any thread."""
        self._values.put(value)
        if self._task is not None:
            self._task.wake()

    def get(self, seconds: float | None) -> T | None:
        """The value, or None after ``seconds``. To be called once."""
        self._task = current()
        try:
            if self._task is None:
                with out_of_turn():
                    return self._values.get(timeout=seconds)
            self._task.sleep(lambda: not self._values.empty(), seconds)
            return self._values.get_nowait()
        except Empty:
            return None
