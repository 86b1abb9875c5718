"""Fenced code blocks of the documentation, so that tests can run them."""

import re
from pathlib import Path

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(path: Path, language: str) -> list[str]:
    """The contents of all blocks marked with ``language`` in ``path``."""
    return [match[2] for match in _BLOCK.finditer(path.read_text("utf-8")) if match[1] == language]
