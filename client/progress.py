"""A bar on standard error for people; silence for logs and pipes."""

import sys
from contextlib import suppress
from typing import Protocol

from client.terminal import harmless


class Bar(Protocol):
    def update(self, n: int) -> object: ...
    def close(self) -> object: ...


class Silent:
    def update(self, n: int) -> None: ...
    def close(self) -> None: ...


def show_progress(total: int, label: str, unit: str = "B") -> Bar:
    """A tqdm bar if standard error is a terminal."""
    if not sys.stderr.isatty():
        return Silent()
    try:
        from tqdm import tqdm
    except ImportError:
        return Silent()
    shown = harmless(label)
    bar: Bar = tqdm(
        total=total, desc=shown, unit=unit, unit_scale=True, file=sys.stderr, dynamic_ncols=True
    )
    return bar


def note(message: str) -> None:
    """A line on standard error, if anybody reads it."""
    with suppress(OSError):
        sys.stderr.write(f"{harmless(message)}\n")
