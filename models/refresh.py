"""Write the catalogue anew from the sources' own indexes, for a reviewer to look at."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from handlers import ModelError
from models import indexes
from models.catalogue import read_catalogue
from models.indexes import Models

INDEXED = ("firefox", "argos")
"""OPUS-MT has no index: its models are as listed by hand."""


def refresh(path: Path, sources: Sequence[str], mirror: str) -> list[str]:
    """Rewrite these sources in the file at ``path``; what has changed, a sentence for each.

    ``mirror`` is a repository with hashes of Firefox's files. Raises ModelError for an index
    that cannot be read, and for one that lists less than half of what was known.
    """
    known = dict(read_catalogue(path))
    read: dict[str, Callable[[], tuple[str, Models]]] = {
        "firefox": partial(indexes.firefox, mirror),
        "argos": indexes.argos,
    }
    said = []
    for source in sources:
        base, found = read[source]()
        before = known[source]
        old = {pair: _absolute(model, before["base"]) for pair, model in before["models"].items()}
        if 2 * len(found) < len(old):
            raise ModelError(
                f"{source} lists {len(found)} pairs, but {len(old)} were known. The index may "
                "not be whole; nothing was written."
            )
        new = {pair: _absolute(model, base) for pair, model in found.items()}
        merged = {pair: _chosen(old.get(pair), model) for pair, model in sorted(new.items())}
        models = {pair: _relative(model, base) for pair, model in merged.items()}
        known[source] = {**before, "base": base, "models": models}
        said.append(f"{source}: {_difference(old, new, merged)}")
    _write(path, known)
    return said


def _chosen(old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    """The new one; not in place of one whose every file can be compared with a hash."""
    if old is None:
        return new
    if old["version"] == new["version"] and "comet" in old:
        new = {"comet": old["comet"], **new}
    files = {url: {**old["files"].get(url, {}), **facts} for url, facts in new["files"].items()}
    if _is_pinned(old["files"]) and not _is_pinned(files):
        return old
    return {key: new[key] for key in ("name", "version", "comet") if key in new} | {"files": files}


def _is_pinned(files: dict[str, dict[str, Any]]) -> bool:
    return all({"sha256", "unpacked_sha256"} & facts.keys() for facts in files.values())


def _absolute(model: dict[str, Any], base: str) -> dict[str, Any]:
    files = {name if "://" in name else base + name: f for name, f in model["files"].items()}
    return {**model, "files": files}


def _relative(model: dict[str, Any], base: str) -> dict[str, Any]:
    return {**model, "files": {url.removeprefix(base): f for url, f in model["files"].items()}}


def _difference(old: Models, new: Models, merged: Models) -> str:
    added = new.keys() - old.keys()
    kept = [
        pair
        for pair in new.keys() & old.keys()
        if merged[pair]["files"] == old[pair]["files"] and new[pair]["files"] != old[pair]["files"]
    ]
    changed = [pair for pair in new.keys() & old.keys() if merged[pair] != old[pair]]
    gone = old.keys() - new.keys()
    sentence = f"{len(new)} pairs, {len(added)} new, {len(changed)} changed"
    if gone:
        sentence += f", gone: {' '.join(sorted(gone))}"
    if kept:
        sentence += (
            f"; {len(kept)} stay as they were, because the newer ones come without hashes "
            "(--hashes hf:ORGANISATION/NAME names a mirror that has them)"
        )
    return sentence


def _write(path: Path, catalogue: dict[str, Any]) -> None:
    """A line for each model, so that a reviewer sees what has changed."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(_text(catalogue), "utf-8")
    part.replace(path)


def _text(catalogue: dict[str, Any]) -> str:
    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    sections = []
    for source, section in catalogue.items():
        facts = [f"  {line(k)}: {line(v)}" for k, v in section.items() if k != "models"]
        models = [f"   {line(pair)}: {line(model)}" for pair, model in section["models"].items()]
        lines = ",\n".join([*facts, '  "models": {\n' + ",\n".join(models) + "\n  }"])
        sections.append(f" {line(source)}: {{\n{lines}\n }}")
    return "{\n" + ",\n".join(sections) + "\n}\n"
