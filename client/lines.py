"""Text in chunks of whole lines; what comes back has the same line ends, byte for byte."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from client.errors import Refused
from client.transport import MAX_REQUEST_BYTES

# A chunk is what an endpoint of the smallest memory translates well within a
# request's time, and enough for the server to fill its batches.
CHUNK_LINES = 64
CHUNK_BYTES = 8192
_END = re.compile(r"\r?\n\Z")
_BOM = "\ufeff"


@dataclass(frozen=True)
class Chunk:
    index: int
    first_line: int
    """Counted from 1."""
    lines: tuple[bytes, ...]
    name: str
    """Of the file, for messages."""

    @property
    def size(self) -> int:
        return sum(map(len, self.lines))

    def split(self) -> list[tuple[str, str, str]]:
        """Byte order mark, text and line end of each line. Raises `Refused` if not UTF-8."""
        return [_split(self._decode(place, line)) for place, line in enumerate(self.lines)]

    def join(self, texts: list[str]) -> str:
        return "".join(
            mark + text + end for text, (mark, _, end) in zip(texts, self.split(), strict=True)
        )

    def where(self, place: int) -> str:
        return f"{self.name}, line {self.first_line + place}"

    def _decode(self, place: int, line: bytes) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            raise Refused(
                f"{self.where(place)} is not UTF-8 (byte 0x{line[error.start]:02x} at column "
                f"{error.start + 1}). Convert the text first, for example with iconv."
            ) from error


def _split(line: str) -> tuple[str, str, str]:
    end = match[0] if (match := _END.search(line)) else ""
    text = line.removesuffix(end)
    mark = _BOM if text.startswith(_BOM) else ""
    return mark, text.removeprefix(mark), end


def read_chunks(file: BinaryIO, name: str) -> Iterator[Chunk]:
    """All lines of the file; always the same chunks for the same bytes."""
    first, index, lines, size = 1, 0, list[bytes](), 0
    for line in _read_lines(file, name):
        if lines and (len(lines) == CHUNK_LINES or size + len(line) > CHUNK_BYTES):
            yield Chunk(index, first, tuple(lines), name)
            first, index, lines, size = first + len(lines), index + 1, [], 0
        lines.append(line)
        size += len(line)
    if lines:
        yield Chunk(index, first, tuple(lines), name)


def _read_lines(file: BinaryIO, name: str) -> Iterator[bytes]:
    number = 0
    while line := file.readline(MAX_REQUEST_BYTES):
        number += 1
        if len(line) == MAX_REQUEST_BYTES:
            raise Refused(
                f"{name}, line {number} is longer than the {MAX_REQUEST_BYTES} bytes one request "
                "may carry. Break it into lines."
            )
        yield line
