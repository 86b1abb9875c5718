"""The models, loaded in a thread of their own while the rest of the server starts."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from serving.errors import StartError

T = TypeVar("T")

log = logging.getLogger(__name__)


def begin(load: Callable[[], T]) -> "Future[T]":
    """What ``load`` returns, once it has. Its ``result`` raises `StartError`, nothing else.

    Reading a model and its first translation need no Python: meanwhile the rest of
    the server is imported.
    """
    future: Future[T] = Future()
    threading.Thread(target=_run, args=(load, future), name="load", daemon=True).start()
    return future


def _run(load: Callable[[], T], future: "Future[T]") -> None:
    try:
        future.set_result(load())
    except StartError as error:
        future.set_exception(error)
    except BaseException as error:
        log.exception("loading failed")
        future.set_exception(
            StartError(f"Loading failed: {type(error).__name__}. The log says where.")
        )
