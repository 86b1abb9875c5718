"""The pair to translate: a source and a target code."""

import os
import re
from dataclasses import dataclass

from client.errors import UsageError

# A language of two or three small letters, then what narrows it: zh-Hans, pt-BR, en-XA.
_CODES = re.compile(r"([a-z]{2,3}(?:-(?![a-z]{2,3}(?:-|$))[A-Za-z0-9]+)*)-([a-z]{2,3}(?:-.+)?)")


AUTO = "auto"


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
        _code(source or os.environ.get("TRANSLATE_SOURCE") or "en"),
        _code(target or os.environ.get("TRANSLATE_TARGET") or "de"),
    )


def _code(code: str) -> str:
    """``de_DE``, as systems name their languages, is ``de-DE``."""
    return code.replace("_", "-")


def _parse(pair: str) -> Pair:
    source, _, target = pair.partition("_")
    if not target and (codes := _CODES.fullmatch(pair)):
        source, target = codes.groups()
    if not source or not target:
        raise UsageError(f"--pair {pair!r} is no pair. Write source_target, as in en_de.")
    return Pair(source, target)
