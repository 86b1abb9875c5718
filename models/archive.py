"""A model folder as `model.tar.gz`, the same bytes for the same files on every machine."""

import gzip
import hashlib
import tarfile
from collections.abc import Iterable
from pathlib import Path

MODE = 0o644


def pack(folder: Path, names: Iterable[str], archive: Path) -> None:
    """Write the named files, sorted, at the archive's root; no times, no owners.

    `archive` appears whole or not at all.
    """
    part = archive.with_name(archive.name + ".part")
    try:
        _write(folder, sorted(names), part)
        part.replace(archive)
    finally:
        part.unlink(missing_ok=True)


def _write(folder: Path, names: Iterable[str], part: Path) -> None:
    with (
        part.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name in names:
            _add(tar, folder / name, name)


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    member = tarfile.TarInfo(name)  # uid, gid and mtime are 0, owner names empty
    member.size = path.stat().st_size
    member.mode = MODE
    with path.open("rb") as stream:
        tar.addfile(member, stream)


def sha256(archive: Path) -> str:
    """As hexadecimal; an unchanged model has an unchanged one."""
    with archive.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
