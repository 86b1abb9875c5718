"""Ends a process whose handler is stuck: C++ code cannot be interrupted, only replaced."""

import faulthandler
import logging
import threading
import time
from collections.abc import Callable

from serving.exit import STUCK, exit_now

log = logging.getLogger(__name__)


def watch(longest: Callable[[], float], limit: float) -> None:
    """In a thread of its own: end with `STUCK` once ``longest()`` exceeds ``limit`` seconds."""
    threading.Thread(target=_watch, args=(longest, limit), name="watchdog", daemon=True).start()


def _watch(longest: Callable[[], float], limit: float) -> None:
    while (seconds := longest()) <= limit:
        time.sleep(min(1.0, limit - seconds + 0.01))
    log.critical(
        "A translation is stuck; the process ends with code %d so that its supervisor "
        "starts a new one. Where it hangs is printed below.",
        STUCK,
        extra={"fields": {"seconds": round(seconds)}},
    )
    faulthandler.dump_traceback()
    exit_now(STUCK)
