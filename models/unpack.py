"""Unpack a zip or tar file that may come from anyone."""

import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from handlers import ModelError
from models.tar_headers import HeaderRefused, bounded_headers

MAX_FILES = 2_000
MAX_BYTES = 20 * 10**9  # unpacked; a larger model fits no serverless endpoint

_DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,  # zipfile's, for encrypted members and unknown compressions
    ValueError,  # of numbers and names that are none
    struct.error,
)

# A member's name, and its content; None for a folder.
_Members = Iterator[tuple[str, IO[bytes] | None]]


def is_archive(path: Path) -> bool:
    """Whether `unpack` can read it."""
    return path.is_file() and (zipfile.is_zipfile(path) or _is_tar(path))


def _is_tar(path: Path) -> bool:
    try:
        _open_tar(path).close()
    except HeaderRefused:
        return True
    except tarfile.TarError:
        return False
    return True


def _open_tar(path: Path) -> tarfile.TarFile:
    return tarfile.open(path, tarinfo=bounded_headers())


def unpack(archive: Path, folder: Path) -> None:
    """Write the archive's regular files under `folder`, without their owners, modes and times.

    Raises ModelError for links and devices, absolute or `..` names, a name that comes
    twice, more than MAX_FILES members or MAX_BYTES bytes, and a damaged archive.
    """
    folder.mkdir(parents=True, exist_ok=True)
    members = _zip(archive) if zipfile.is_zipfile(archive) else _tar(archive)
    left = MAX_BYTES
    try:
        for count, (name, content) in enumerate(members, start=1):
            if count > MAX_FILES:
                raise ModelError(f"{archive} holds more than {MAX_FILES} members.")
            if content is not None:
                left -= _write(content, folder / _safe(archive, name), left)
            if left < 0:
                raise ModelError(f"{archive} unpacks to more than {MAX_BYTES} bytes.")
    except HeaderRefused as error:
        raise ModelError(f"{archive} is no model's archive: {error}.") from error
    except _DAMAGED as error:
        raise ModelError(f"{archive} cannot be unpacked ({error}). Copy it again.") from error


def _zip(archive: Path) -> _Members:
    with zipfile.ZipFile(archive) as package:
        for member in package.infolist():
            _safe(archive, member.filename)  # an empty name would fail in zipfile
            kind = stat.S_IFMT(member.external_attr >> 16)  # 0 where the maker was no Unix
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise _not_a_file(archive, member.filename)
            if member.is_dir():
                yield member.filename, None
            else:
                with package.open(member) as content:
                    yield member.filename, content


def _tar(archive: Path) -> _Members:
    with _open_tar(archive) as package:
        for member in package:
            if not (member.isreg() or member.isdir()):
                raise _not_a_file(archive, member.name)
            yield member.name, package.extractfile(member)


def _not_a_file(archive: Path, name: str) -> ModelError:
    return ModelError(f"{archive}: {name!r} is a link or a device, not a file.")


def _safe(archive: Path, name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if not path.parts:
        raise ModelError(f"{archive}: a member has the name {name!r}, which names no file.")
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise ModelError(f"{archive}: {name!r} would be written outside of its folder.")
    return path


def _write(content: IO[bytes], path: Path, limit: int) -> int:
    """Bytes written; stops soon after `limit`, for a header may understate the size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with path.open("xb") as file:
        while written <= limit and (chunk := content.read(1 << 20)):
            written += file.write(chunk)
    return written
