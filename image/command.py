"""Run a builder's command line."""

import subprocess
from collections.abc import Sequence

from image.errors import ImageError


def show(command: Sequence[str]) -> None:
    """Run with the output on the terminal. Raises ImageError with the exit code."""
    done = subprocess.run(command)
    if done.returncode:
        raise ImageError(f"`{' '.join(command[:2])}` failed with exit code {done.returncode}.")


def output(command: Sequence[str], stdin: str | None = None) -> str:
    """Its standard output, stripped. Raises ImageError with the last line of its complaint."""
    done = subprocess.run(command, input=stdin, capture_output=True, text=True)
    if done.returncode:
        complaint = done.stderr.strip().splitlines() or ["It said nothing."]
        raise ImageError(f"`{' '.join(command[:2])}` failed: {complaint[-1]}")
    return done.stdout.strip()
