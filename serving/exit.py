"""Exit codes, and the one way out; `docs/operations.md` has the table."""

import logging
import os
import sys
from typing import NoReturn

STOPPED = 0
CANNOT_START = 1
STUCK = 70
"""A translation did not end: sysexits' EX_SOFTWARE."""


def exit_now(code: int) -> NoReturn:
    """Flush and leave. Without the interpreter's own shutdown: it ends in SIGABRT
    in most cases while threads of the translation engine still run."""
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
