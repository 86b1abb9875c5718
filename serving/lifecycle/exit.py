"""Exit codes, and the one way out; `docs/operations.md` has the table."""

import logging
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn

STOPPED = 0
CANNOT_START = 1
STUCK = 70
"""A translation did not end: sysexits' EX_SOFTWARE."""

_FLUSH = 1.0
"""Seconds for the last lines to be written. Perhaps nobody reads them."""


def exit_now(code: int) -> NoReturn:
    """Flush and leave. Without the interpreter's own shutdown: it ends in SIGABRT
    in most cases while threads of the translation engine still run."""
    finish = threading.Thread(target=_finish, daemon=True)
    with suppress(RuntimeError):  # no memory for a thread
        finish.start()
        finish.join(_FLUSH)
    os._exit(code)


def _finish() -> None:
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # closed by who started us
            stream.flush()
