"""`translate` without a text, on a terminal: a line in, its translation out."""

import sys
from collections.abc import Callable
from contextlib import suppress

from client.errors import Refused, ServiceFailed
from client.pair import Pair
from client.progress import note

_PROMPT = "> "


def converse(pair: Pair, answer: Callable[[str], object]) -> None:
    """Calls ``answer`` with each line, until the end of input. A line that is refused, or that
    the service fails on, is followed by the next; other failures end it."""
    with suppress(ImportError):
        import readline  # noqa: F401 - gives `input` its editing and its history
    note(f"{pair.source} → {pair.target}. Enter translates a line, Ctrl-D ends.")
    # To a file goes nothing but translations.
    prompt = _PROMPT if sys.stdout.isatty() else ""
    while (line := _next(prompt)) is not None:
        if line.strip():
            try:
                answer(line)
            except (Refused, ServiceFailed) as failure:
                note(str(failure))


def _next(prompt: str) -> str | None:
    try:
        return input(prompt)
    except EOFError:
        note("")
        return None
