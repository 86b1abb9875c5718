"""A model folder as `model.tar.gz`, the form in which SageMaker takes it."""

import gzip
import hashlib
import io
import os
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from model_folder.files import refuse_links
from model_folder.folder import ModelFolder

_FILE, _FOLDER = 0o644, 0o755


@dataclass(frozen=True)
class Archive:
    """`digest` is of the tar before compression: the same on every machine and zlib."""

    path: Path
    digest: str
    files: int


def build_archive(folder: ModelFolder, cache: Path) -> Archive:
    """Verify the folder and write its archive into `cache`, unless it lies there already.

    Raises `ModelError` for a link, and if the folder is not what its manifest says.
    """
    names = shipped_files(folder)
    digest = _digest(folder.path, names)
    path = cache / f"{folder.pair}-{digest[:16]}.tar.gz"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        write_archive(folder.path, names, path)
    return Archive(path, digest, len(names))


def shipped_files(folder: ModelFolder) -> list[str]:
    """All files of the verified folder, sorted."""
    refuse_links(folder.path)
    folder.verify()
    return sorted(folder.hashes)


def write_archive(folder: Path, names: Sequence[str], path: Path) -> None:
    """The named files at the archive's root: sorted, no times, no owners. Whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")  # another stack may write it too
    try:
        with (
            part.open("wb") as raw,
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packed,
        ):
            _write_tar(folder, names, cast(BinaryIO, packed))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class _Hash(io.RawIOBase):
    """A file that only hashes."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, data: Any) -> int:
        self.sha256.update(data)
        return len(data)


def _digest(folder: Path, names: Sequence[str]) -> str:
    sink = _Hash()
    _write_tar(folder, names, cast(BinaryIO, sink))
    return sink.sha256.hexdigest()


def _write_tar(folder: Path, names: Sequence[str], stream: BinaryIO) -> None:
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        if not names:  # as tar packs an empty folder
            root = tarfile.TarInfo(".")
            root.type, root.mode = tarfile.DIRTYPE, _FOLDER
            tar.addfile(root)
        for name in sorted(names):
            member = tarfile.TarInfo(name)  # uid, gid and mtime are 0, owner names empty
            member.size, member.mode = (folder / name).stat().st_size, _FILE
            with (folder / name).open("rb") as content:
                tar.addfile(member, content)
