"""Environment variables of settings that do not exist: a misspelt one must not be passed over."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches


def unknown_variable(prefix: str, known: Collection[str], present: Iterable[str]) -> str | None:
    """A sentence about the first name in ``present`` that begins with ``prefix`` and is not
    ``known``; None where there is none."""
    for name in sorted(present):
        if name.startswith(prefix) and name not in known:
            close = get_close_matches(name, known, n=1)
            meant = f"Did you mean {close[0]}?" if close else "Unset it."
            return f"{name} is no setting. {meant} docs/settings.md lists all there are."
    return None
