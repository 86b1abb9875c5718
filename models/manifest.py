"""Write `model.json`: what a model is, whose it is, and the hash of every file beside it.

Reading it, and comparing the files with it, is `model_folder`'s.
"""

import json
import re
from pathlib import Path
from typing import Any

from handlers import ModelError, ModelFolder
from model_folder.files import hash_files, refuse_links
from model_folder.manifest import MANIFEST, read_manifest

REQUIRED = ("name", "version", "source", "target", "license")
_LIST = re.compile(r"\[\n([^\[\]{}]*?)\n *\]")
"""Of `json.dumps` with an indent; a line break within a string is escaped there."""

MEASURED = ("peak_memory", "calibration", "files")
"""Keys that hold for these very files, and for no others."""


def write(folder: Path, facts: dict[str, Any]) -> ModelFolder:
    """Hash every file of the folder and write its manifest; `facts` are its other keys.

    Raises ModelError for a missing fact, a link, or an empty folder.
    """
    for key in REQUIRED:
        if not facts.get(key):
            raise ModelError(f"{folder}: a manifest needs {key!r}. Give it with --{key}.")
    files = _files(folder)
    if not files:
        raise ModelError(f"{folder} holds no files.")
    _write(folder, {**facts, "files": files})
    return ModelFolder(folder)


def list_files(folder: Path) -> ModelFolder:
    """Hash every file anew and keep what else the manifest says. Raises ModelError for a link.

    What was measured goes where a file is another one now.
    """
    found, files = ModelFolder(folder), _files(folder)
    gone = () if files == found.manifest.get("files") else MEASURED
    kept = {key: value for key, value in found.manifest.items() if key not in gone}
    _write(folder, {**kept, "files": files})
    return ModelFolder(folder)


def note(folder: Path, **facts: Any) -> None:
    """Add what was found out about the model."""
    manifest = read_manifest(folder)
    files = {"files": manifest.pop("files")} if "files" in manifest else {}
    _write(folder, {**manifest, **facts, **files})


def verify(folder: Path) -> ModelFolder:
    """The folder, every file compared with its manifest. Raises ModelError."""
    found = ModelFolder(folder)
    if found.manifest.get("files") is None:
        raise ModelError(
            f"{folder}: no {MANIFEST} that lists files. "
            f"Write one with `python -m models hash {folder}`."
        )
    found.verify()
    return found


def _files(folder: Path) -> dict[str, dict[str, Any]]:
    """Path to sha256 and size in bytes, of each file but the manifest, sorted by path."""
    refuse_links(folder)
    return {
        name: {"sha256": digest, "size": (folder / name).stat().st_size}
        for name, digest in hash_files(folder).items()
        if name != MANIFEST
    }


def _write(folder: Path, manifest: dict[str, Any]) -> None:
    text = _LIST.sub(_on_one_line, json.dumps(manifest, ensure_ascii=False, indent=2))
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _on_one_line(found: re.Match[str]) -> str:
    """A list of plain values, as one would write it."""
    return "[" + ", ".join(line.strip().rstrip(",") for line in found[1].splitlines()) + "]"
