"""`model.json`: what a model is, whose it is, and the hash of every file beside it."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from models.errors import ModelError

NAME = "model.json"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`files` maps a path inside the folder to {"sha256": hex, "size": bytes}."""

    name: str
    version: str
    source: str
    target: str
    license: str
    attribution: str = ""
    decoding: dict[str, Any] = field(default_factory=dict)
    source_prefix: list[str] = field(default_factory=list)
    target_prefix: list[str] = field(default_factory=list)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)


def read(folder: Path) -> Manifest:
    """The folder's manifest. Raises ModelError if there is none or it cannot be used."""
    path = folder / NAME
    try:
        values = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise ModelError(f"{folder} has no {NAME}: run `python -m models add {folder}`") from None
    except ValueError as error:
        raise ModelError(f"{path} is not JSON: {error}") from None
    return _checked(values, path)


def _checked(values: Any, path: Path) -> Manifest:
    known = {entry.name for entry in fields(Manifest)}
    if not isinstance(values, dict) or set(values) - known:
        extra = sorted(set(values) - known) if isinstance(values, dict) else type(values).__name__
        raise ModelError(f"{path} has to be an object of {sorted(known)}; found {extra}")
    for key in ("name", "version", "source", "target", "license"):
        if not isinstance(values.get(key), str) or not values[key]:
            raise ModelError(f"{path}: {key!r} has to be a text, not {values.get(key)!r}")
    return Manifest(**values)


def write(folder: Path, manifest: Manifest) -> Manifest:
    """Hash every file of the folder and write its manifest; returns what was written."""
    complete = replace(manifest, files=hash_files(folder))
    text = json.dumps(asdict(complete), ensure_ascii=False, indent=2)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")
    return complete


def hash_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Path, sha256 and size of each file but the manifest and hidden ones, sorted by path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise ModelError(f"{path} is a link: put the file itself there")
        if path.is_file() and name != NAME and not _hidden(name):
            found[name] = {"sha256": file_sha256(path), "size": path.stat().st_size}
    if not found:
        raise ModelError(f"{folder} holds no files")
    return found


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def file_sha256(path: Path) -> str:
    """The file's SHA-256 as hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def verify(folder: Path) -> Manifest:
    """Compare every file with the manifest, and the reverse. Raises ModelError at the first
    difference: a flipped byte in `model.bin` loads without complaint and translates wrongly."""
    manifest = read(folder)
    found = hash_files(folder)
    for name, expected in sorted(manifest.files.items()):
        if name not in found:
            raise ModelError(f"{folder / name} is listed in {NAME} but missing")
        if found[name] != expected:
            raise ModelError(
                f"{folder / name} is not the file that {NAME} lists"
                f" ({found[name]['size']} bytes, sha256 {found[name]['sha256'][:12]}...;"
                f" expected {expected.get('size')} bytes, {str(expected.get('sha256'))[:12]}...)"
            )
    unlisted = sorted(set(found) - set(manifest.files))
    if unlisted:
        raise ModelError(f"{folder / unlisted[0]} is not listed in {NAME}")
    return manifest
