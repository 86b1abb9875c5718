"""Zip files of office documents and books: the same entries in the same order, some rewritten."""

import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import PurePosixPath

from file_formats.errors import FormatError

MAX_ENTRIES = 2000
MAX_PART = 20_000_000  # bytes of one part that is read as a whole
MAX_UNPACKED = 500_000_000
MAX_RATIO = 200  # of a text's XML: some 10 to 40
_SMALL = 10_000_000  # bytes, unpacked, at which no ratio harms
_STEP = 1 << 16
_LARGE = 1 << 30  # bytes
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True)
class Package:
    """A zip file, checked; its entries are unpacked one by one."""

    file: zipfile.ZipFile
    names: tuple[str, ...]

    @classmethod
    def open(cls, content: bytes) -> "Package":
        """Raises `FormatError` for what is no zip file, or made to do harm."""
        if content.startswith(_OLD_OFFICE):
            raise FormatError(
                "The file is protected by a password, or of Office before 2007. Save it anew, "
                "without a password, as .docx, .xlsx or .pptx."
            )
        try:
            file = zipfile.ZipFile(BytesIO(content))
        except _BROKEN:
            raise FormatError(
                "The file is no document of its kind: it is not a zip file."
            ) from None
        _check(file.infolist(), len(content))
        return cls(file, tuple(file.namelist()))

    def read(self, name: str) -> bytes:
        if self.file.getinfo(name).file_size > MAX_PART:
            raise FormatError(f"{_shown(name)} in the file is larger than {MAX_PART} bytes.")
        return b"".join(self._steps(name))

    def holds(self, name: str, word: bytes) -> bool:
        """Whether the entry has these bytes."""
        last = b""
        for step in self._steps(name):
            if word in last + step:
                return True
            last = step[-len(word) :]
        return False

    def rewritten(self, parts: Mapping[str, Callable[[], bytes]]) -> bytes:
        """With these entries' content made anew, one at a time."""
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as target:
            for info in self.file.infolist():
                name = info.filename
                steps = [parts[name]()] if name in parts else self._steps(name)
                copy = _like(info)
                with target.open(copy, "w", force_zip64=info.file_size > _LARGE) as entry:
                    for step in steps:
                        entry.write(step)
            target.comment = self.file.comment
        return out.getvalue()

    def _steps(self, name: str) -> Iterator[bytes]:
        try:
            with self.file.open(name) as entry:
                while step := entry.read(_STEP):
                    yield step
        except _BROKEN:
            raise FormatError("The file is damaged: one of its parts cannot be read.") from None


def _like(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    copy = zipfile.ZipInfo(info.filename, info.date_time)
    copy.compress_type = info.compress_type
    copy.external_attr, copy.create_system = info.external_attr, info.create_system
    copy.comment, copy.file_size = info.comment, info.file_size
    return copy


def _check(entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise FormatError(f"The file has {len(entries)} parts; {MAX_ENTRIES} are the most.")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or unpacked > max(_SMALL, MAX_RATIO * size):
        raise FormatError(f"The file unpacks to {unpacked} bytes, far more than a document has.")
    if len({entry.filename for entry in entries}) < len(entries):
        raise FormatError("The file has two parts of one name.")
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise FormatError("The file is protected by a password. Save it without one.")
    if entry.compress_type not in _METHODS:
        raise FormatError("The file is compressed in a way that documents are not.")
    name = entry.orig_filename
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or ":" in name:
        raise FormatError(f"The file has a part named {_shown(name)}, which leads out of it.")


def _shown(name: str) -> str:
    return repr(name[:60].encode("ascii", "replace").decode())


def matching(names: Sequence[str], *patterns: str) -> Iterator[str]:
    """In the order of the file."""
    return (name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns))
