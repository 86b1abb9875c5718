"""Which models there are by name: `sources.json`, reviewed like code."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from handlers import ModelError
from models.download import Remote

_FILE = Path(__file__).with_name("sources.json")


@dataclass(frozen=True)
class Entry:
    """One model of one source."""

    pair: str
    source: str
    """`firefox`, `argos` or `opus`."""
    name: str
    version: str
    license: str
    attribution: str
    comet: float | None
    """COMET-22 on FLORES-200, as Mozilla published it; None where it was not measured."""
    files: tuple[Remote, ...]

    @property
    def size(self) -> int:
        """Bytes to download; 0 where the source does not say."""
        return sum(file.size for file in self.files)


def search(words: str = "") -> list[Entry]:
    """Entries of a pair (`en_fr`), a language (`fr`) or a source; the best of each pair first."""
    wanted = words.lower().replace("-", "_")
    found = [entry for entry in _entries() if _fits(entry, wanted)]
    return sorted(found, key=lambda entry: (entry.pair, _rank(entry)))


def best(pair: str, source: str = "") -> Entry:
    """The one with the highest COMET, of one source or of all. Raises ModelError."""
    found = [entry for entry in search(pair) if entry.pair.lower() == pair.lower()]
    for entry in found:
        if entry.source == (source or entry.source):
            return entry
    sources = sorted({entry.source for entry in found})
    if sources:
        raise ModelError(f"{source} has no model for {pair}; {' and '.join(sources)} have.")
    raise ModelError(
        f"No model for {pair} is known. `python -m models search {pair.partition('_')[0]}` shows "
        "what there is; a folder, a file or an address can be named too: docs/models.md."
    )


def _fits(entry: Entry, wanted: str) -> bool:
    pair = entry.pair.lower().replace("-", "_")
    return wanted in ("", pair, entry.source, *entry.pair.lower().split("_"))


def _rank(entry: Entry) -> tuple[float, bool]:
    """By COMET; where it was not measured, the source that gives hashes first."""
    return -(entry.comet or 0.0), not all(file.is_pinned for file in entry.files)


def _entries() -> Iterator[Entry]:
    for source, facts in read_catalogue(catalogue_file()).items():
        for pair, model in facts["models"].items():
            files = [
                Remote(
                    name if "://" in name else facts["base"] + name,
                    file.get("sha256", ""),
                    file.get("size", 0),
                    unpacked_sha256=file.get("unpacked_sha256", ""),
                )
                for name, file in model["files"].items()
            ]
            yield Entry(
                pair=pair,
                source=source,
                name=model["name"],
                version=model["version"],
                license=facts["license"],
                attribution=facts["attribution"],
                comet=model.get("comet"),
                files=tuple(files),
            )


def catalogue_file() -> Path:
    """`models/sources.json`, or what `MODELS_CATALOGUE` names."""
    return Path(os.environ.get("MODELS_CATALOGUE") or _FILE)


@cache
def read_catalogue(path: Path) -> dict[str, Any]:
    """By source, its address and its models. Raises ModelError."""
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"The catalogue {path} cannot be read: {error}.") from error
    return found
