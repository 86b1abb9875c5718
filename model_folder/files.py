"""The files of a model folder: all below it that are not hidden."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from model_folder.errors import ModelError

_CHUNK = 4 << 20  # bytes


def list_files(folder: Path) -> list[str]:
    """Paths relative to the folder, sorted."""
    return sorted(name for path, name in _visible(folder) if path.is_file())


def refuse_links(folder: Path) -> None:
    """Raises `ModelError` for the first link: an archive could not hold what it leads to."""
    for path, _ in _visible(folder):
        if path.is_symlink():
            raise ModelError(f"{path} is a link. Put the file itself there.")


def total_size(folder: Path) -> int:
    """Bytes of all files."""
    return sum((folder / name).stat().st_size for name in list_files(folder))


def hash_files(folder: Path) -> dict[str, str]:
    """Each file's path and sha256."""
    return {name: _sha256(folder / name) for name in list_files(folder)}


def _visible(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if not any(part.startswith(".") for part in name.split("/")):
            yield path, name


def _sha256(path: Path) -> str:
    """In large chunks: each is a wait for Python's lock, which a starting server keeps busy."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
