"""Several requests under way at once, and a bounded number in memory."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def in_order(function: Callable[[A], B], items: Iterable[A | None], width: int) -> Iterator[B]:
    """``map`` with ``width`` calls at a time, which reads at most ``2 * width`` items ahead.

    An item that is None waits until all before it are done: there may be none for long.
    """
    pool = ThreadPoolExecutor(width)
    waiting: deque[Future[B]] = deque()
    try:
        for item in items:
            if item is not None:
                waiting.append(pool.submit(function, item))
            while waiting and (item is None or len(waiting) >= 2 * width or waiting[0].done()):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
