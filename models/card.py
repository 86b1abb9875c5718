"""What a model's own papers say: its card, its licence."""

import re
import shutil
from pathlib import Path

_PAPERS = ("README*", "LICENSE*", "LICENCE*", "NOTICE*")
_LICENSE = re.compile(r"license:\s*([^\s\[]+)\s*")
_MAX_CARD = 1 << 20  # characters; the front matter comes first


def take_papers(source: Path, folder: Path) -> None:
    """Copy card and licence, so that they travel with the model."""
    for pattern in _PAPERS:
        for path in filter(Path.is_file, source.glob(pattern)):
            shutil.copyfile(path, folder / path.name)


def read_license(source: Path) -> str:
    """The `license:` of a Hugging Face card's front matter; empty if there is none."""
    for line in _front_matter(source / "README.md"):
        if match := _LICENSE.fullmatch(line):
            return match[1].strip("\"'")
    return ""


def _front_matter(card: Path) -> list[str]:
    """The lines between the first two lines of dashes; none where there are no such two."""
    if not card.is_file():
        return []
    with card.open(encoding="utf-8", errors="replace") as file:
        first, *lines = file.read(_MAX_CARD).split("\n")
    return lines[: lines.index("---")] if first == "---" and "---" in lines else []
