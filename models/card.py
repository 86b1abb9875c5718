"""What a model's own papers say: its card, its licence."""

import re
import shutil
from pathlib import Path

_PAPERS = ("README*", "LICENSE*", "LICENCE*", "NOTICE*")
_LICENSE = re.compile(r"\A---\n.*?^license:\s*([^\s\[]+)\s*$.*?^---$", re.MULTILINE | re.DOTALL)


def take_papers(source: Path, folder: Path) -> None:
    """Copy card and licence, so that they travel with the model."""
    for pattern in _PAPERS:
        for path in filter(Path.is_file, source.glob(pattern)):
            shutil.copyfile(path, folder / path.name)


def read_license(source: Path) -> str:
    """The `license:` of a Hugging Face card's front matter; empty if there is none."""
    card = source / "README.md"
    text = card.read_text("utf-8", errors="replace") if card.is_file() else ""
    match = _LICENSE.search(text)
    return match[1].strip("\"'") if match else ""
