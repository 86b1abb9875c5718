"""The pair to translate: a source and a target code."""

import os
from dataclasses import dataclass

from client.errors import UsageError


@dataclass(frozen=True)
class Pair:
    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source}_{self.target}"


def choose_pair(pair: str | None, source: str | None, target: str | None) -> Pair:
    """From ``--pair``, else ``--source`` and ``--target``, else the environment, else en and de."""
    if pair:
        if source or target:
            raise UsageError("--pair says it all. Leave out --source and --target.")
        return _parse(pair)
    return Pair(
        source or os.environ.get("TRANSLATE_SOURCE") or "en",
        target or os.environ.get("TRANSLATE_TARGET") or "de",
    )


def _parse(pair: str) -> Pair:
    source, _, target = pair.partition("_")
    if not source or not target:
        raise UsageError(f"--pair {pair!r} is no pair. Write source_target, as in en_de.")
    return Pair(source, target)
