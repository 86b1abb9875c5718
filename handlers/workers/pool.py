"""Workers as many as asked for, each with a thread that serves one queue."""

import logging
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from handlers.workers.worker import Worker, WorkerLost

log = logging.getLogger(__name__)


class Pool:
    """Answers questions in the order in which they come, `count` at a time.

    Nothing is forked: a worker is a new program. One that dies is replaced, and its question
    asked once more.
    """

    def __init__(self, command: Sequence[str], count: int) -> None:
        """Raises `WorkerLost` for a program that ends before it is ready."""
        self._command = command
        self._lock = threading.Lock()
        self._idle = [Worker(command) for _ in range(count)]
        try:
            self.said = [worker.wait_until_ready() for worker in self._idle]
        except BaseException:
            self._end(self._idle)
            raise
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="worker")

    def ask(self, questions: Iterable[Any]) -> list[Any]:
        """An answer for each. Raises `WorkerLost` where a question ends two workers."""
        return list(self._threads.map(self._ask, questions))

    def close(self) -> None:
        """End all workers, once each has answered what it was asked."""
        self._threads.shutdown(cancel_futures=True)
        self._end(self._idle)

    def _ask(self, question: Any) -> Any:
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        for last in (False, True):
            try:
                worker = worker or self._start()
                answer = worker.ask(question)
                break
            except WorkerLost:
                log.warning("a worker was lost")
                worker = None
                if last:
                    raise
        with self._lock:
            self._idle.append(worker)  # type: ignore[arg-type]
        return answer

    def _start(self) -> Worker:
        worker = Worker(self._command)
        worker.wait_until_ready()
        return worker

    @staticmethod
    def _end(workers: Sequence[Worker]) -> None:
        for worker in workers:
            worker.close()
