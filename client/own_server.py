"""A server of the command line's own, where none was named and none runs: for this command only."""

import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from client.errors import ServiceFailed

_ROOT = Path(__file__).resolve().parent.parent
_URL = re.compile(r" on (http://127\.0\.0\.1:\d+)\. ")
_SET_PDEATHSIG = 1  # prctl(2)
_ADDRESS = ("127.0.0.1", 8080)
_MISSING = "ModuleNotFoundError"
_QUIET = {
    "SERVING_HOST": "127.0.0.1",
    "SERVING_LOG_FORMAT": "json",
    "SERVING_LOG_LEVEL": "error",
    "GATEWAY_AUTH": "none",
}


def someone_listens() -> bool:
    """Whether the address is taken at which `make run` serves."""
    with suppress(OSError), socket.create_connection(_ADDRESS, timeout=1):
        return True
    return False


class OwnServer:
    """Ends with this process, however that ends."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> str | None:
        """Its URL, once it serves; None where the packages are missing that it needs.

        Raises `ServiceFailed` with its own sentence where it cannot start.
        """
        self._process = process = subprocess.Popen(
            [sys.executable, "-m", "serving", "--port", "0"],
            env={**os.environ, "PYTHONPATH": str(_ROOT), **_QUIET},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,  # the server never waits for who does not read it
            text=True,
            start_new_session=True,  # Ctrl-C is for the command line
            preexec_fn=_end_with_parent,
        )
        said = process.stdout.readline() if process.stdout else ""
        if found := _URL.search(said):
            return found[1]
        errors = process.communicate()[1].strip().splitlines()
        if not errors or _MISSING in errors[-1]:
            return None
        raise ServiceFailed(f"The server of this command cannot start: {errors[-1]}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()


def _end_with_parent() -> None:
    """Also where this process is killed; only Linux has it."""
    with suppress(AttributeError):
        ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGTERM)


own_server = OwnServer()
