"""Write `model.json`: what a model is, whose it is, and the hash of every file beside it.

Reading it, and comparing the files with it, is `handlers.ModelFolder`'s.
"""

import json
from pathlib import Path
from typing import Any

from handlers import ModelError, ModelFolder
from handlers.contract.manifest import MANIFEST

REQUIRED = ("name", "version", "source", "target", "license")


def write(folder: Path, facts: dict[str, Any]) -> ModelFolder:
    """Hash every file of the folder and write its manifest; `facts` are its other keys.

    Raises ModelError for a missing fact, a link, or an empty folder.
    """
    for key in REQUIRED:
        if not facts.get(key):
            raise ModelError(f"{folder}: a manifest needs {key!r}. Give it with --{key}.")
    manifest = {**facts, "files": _files(folder)}
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return ModelFolder(folder)


def _files(folder: Path) -> dict[str, dict[str, Any]]:
    """Path to sha256 and size in bytes, of each file but the manifest, sorted by path."""
    for path in folder.rglob("*"):
        if path.is_symlink():
            raise ModelError(f"{path} is a link. Put the file itself there.")
    hashes = ModelFolder(folder, "en_de").hashes  # the pair plays no part in hashes
    files = {
        name: {"sha256": digest, "size": (folder / name).stat().st_size}
        for name, digest in sorted(hashes.items())
        if name != MANIFEST
    }
    if not files:
        raise ModelError(f"{folder} holds no files.")
    return files


def verify(folder: Path) -> ModelFolder:
    """The folder, every file compared with its manifest. Raises ModelError."""
    found = ModelFolder(folder)
    if not found.manifest.get("files"):
        raise ModelError(
            f"{folder}: no {MANIFEST} that lists files. Write one: python -m models add {folder}"
        )
    found.verify()
    return found
