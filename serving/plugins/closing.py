"""Handlers hear that the server ends."""

import logging
import threading
import time
from collections.abc import Iterable
from contextlib import suppress

from serving.plugins.models import Model

log = logging.getLogger(__name__)

_SECONDS = 2.0
"""For all handlers together. A supervisor that waits 25 seconds has waited 23 for requests."""


def close_handlers(models: Iterable[Model]) -> None:
    """Call the ``close`` of each handler that has it, side by side, and wait for 2 seconds at most.

    Raises nothing: a handler that raises, or is not done in time, is named in the log.
    """
    deadline = time.monotonic() + _SECONDS
    threads = {
        model.folder.pair: threading.Thread(target=_close, args=(model,), daemon=True)
        for model in models
        if model.guest.closes
    }
    for thread in threads.values():
        with suppress(RuntimeError):  # no memory for a thread
            thread.start()
    for pair, thread in threads.items():
        if thread.is_alive():
            thread.join(max(0.0, deadline - time.monotonic()))
        if thread.is_alive():
            log.warning("a handler did not close in time", extra={"fields": {"pair": pair}})


def _close(model: Model) -> None:
    try:
        model.guest.close()
    except BaseException:
        fields = {"pair": model.folder.pair}
        log.exception("a handler failed to close", extra={"fields": fields})
