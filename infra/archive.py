"""A model folder as `model.tar.gz`, the form in which SageMaker takes it."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

MANIFEST = "model.json"
MODE = 0o644
MEMORY_STEP = 1024  # MB: what a serverless endpoint can be given, one to six of them
BASE_MEMORY = 512  # MB: the server itself, its libraries and the requests under way


class ArchiveError(ValueError):
    """A model folder that must not be deployed; the text says what to do."""


@dataclass(frozen=True)
class Archive:
    """`digest` is of the tar before compression: the same on every machine and zlib."""

    path: Path
    digest: str


def build_archive(folder: Path, cache: Path) -> Archive:
    """Verify the folder and write its archive into `cache`, unless it lies there already.

    Raises ArchiveError if the folder is not what its manifest says.
    """
    names = verify_folder(folder)
    digest = _digest(folder, names)
    path = cache / f"{folder.name}-{digest[:16]}.tar.gz"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        write_archive(folder, names, path)
    return Archive(path, digest)


def folder_size(folder: Path) -> int:
    """Bytes of the files to ship."""
    return sum((folder / name).stat().st_size for name in _files(folder))


def smallest_memory(size: int) -> int:
    """MB that a model of `size` bytes needs: itself, as much again to work in, and the server."""
    needed = BASE_MEMORY + 2 * size / 1e6
    return MEMORY_STEP * max(1, -(-int(needed) // MEMORY_STEP))


def verify_folder(folder: Path) -> list[str]:
    """The files to ship, sorted; each has the size and SHA-256 that `model.json` lists.

    A folder without a manifest has nothing to be compared with: all of it is shipped.
    """
    names = _files(folder)
    if MANIFEST in names:
        _compare(folder, _listed(folder / MANIFEST), set(names) - {MANIFEST})
    return names


def write_archive(folder: Path, names: Sequence[str], path: Path) -> None:
    """The named files at the archive's root: sorted, no times, no owners. Whole or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        with (
            part.open("wb") as raw,
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packed,
        ):
            _write_tar(folder, names, cast(BinaryIO, packed))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _files(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise ArchiveError(f"{path} is a link: put the file itself there")
        if path.is_file() and not any(part.startswith(".") for part in name.split("/")):
            found.append(name)
    if not found:
        raise ArchiveError(f"{folder} holds no files: put the model's files there")
    return sorted(found)


def _listed(path: Path) -> dict[str, dict[str, Any]]:
    try:
        files = json.loads(path.read_bytes())["files"]
        return {name: {"sha256": entry["sha256"], **entry} for name, entry in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(
            f"{path} has no usable list of files ({type(error).__name__}: {error}):"
            ' write {"files": {"path": {"sha256": ..., "size": ...}}}'
        ) from None


def _compare(folder: Path, listed: dict[str, dict[str, Any]], present: set[str]) -> None:
    for name in sorted(present ^ set(listed)):
        state = "is not listed in" if name in present else "is missing, yet listed in"
        raise ArchiveError(f"{folder / name} {state} {MANIFEST}: make the two agree")
    for name, entry in sorted(listed.items()):
        found = _file_digest(folder / name)
        if found != entry["sha256"]:
            raise ArchiveError(
                f"{folder / name} has the sha256 {found[:12]}..., not the {entry['sha256'][:12]}..."
                f" of {MANIFEST}: fetch the model anew, or write a new manifest if you changed it"
            )


def _file_digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


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
        for name in sorted(names):
            member = tarfile.TarInfo(name)  # uid, gid and mtime are 0, owner names empty
            member.size, member.mode = (folder / name).stat().st_size, MODE
            with (folder / name).open("rb") as content:
                tar.addfile(member, content)
