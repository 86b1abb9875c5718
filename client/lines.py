"""Text in chunks of lines; what comes back has the same line ends, byte for byte."""

import io
import os
import re
import select
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from client.errors import Refused
from client.paragraphs import Part, in_paragraphs
from client.transport import Limits

_END = re.compile(r"\r?\n\Z")
_BOM = "\ufeff"
# Three letters before the sign: fewer are rather an abbreviation.
_SENTENCE = re.compile(
    rb"""[A-Za-z\x80-\xff]{3}[.!?]["')\]]{0,3}[ \t]+(?=[^a-z])|\xe3\x80\x82|\xef\xbc[\x81\x9f]"""
)
_READ = 1 << 16  # bytes
_PAUSE = 0.2
"""Seconds without input after which what has come is translated."""
_LONGEST = 1.0
"""Seconds after which it is, wherever input comes in drops."""


@dataclass(frozen=True)
class Chunk:
    index: int
    parts: tuple[Part, ...]
    name: str
    """Of the file, for messages."""

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(len(part.content) for part in self.parts)

    def split(self) -> list[tuple[str, str, str]]:
        """Byte order mark, text and line end of each part. Raises `Refused` if not UTF-8."""
        return [_split(self._decode(place, part)) for place, part in enumerate(self.parts)]

    def join(self, texts: list[str]) -> str:
        return "".join(
            mark + text + end for text, (mark, _, end) in zip(texts, self.split(), strict=True)
        )

    def where(self, place: int) -> str:
        return f"{self.name}, line {self.parts[place].line}"

    def _decode(self, place: int, part: Part) -> str:
        try:
            return part.content.decode()
        except UnicodeDecodeError as error:
            raise Refused(
                f"{self.where(place)} is not UTF-8 (byte 0x{part.content[error.start]:02x} at "
                f"column {part.column + error.start}). Convert the text first, for example with "
                "iconv."
            ) from error


def _split(line: str) -> tuple[str, str, str]:
    end = match[0] if (match := _END.search(line)) else ""
    text = line.removesuffix(end)
    mark = _BOM if text.startswith(_BOM) else ""
    return mark, text.removeprefix(mark), end


def read_chunks(
    file: BinaryIO, name: str, limits: Limits, by_paragraph: bool = False
) -> Iterator[Chunk]:
    """All lines of the file; always the same chunks for the same bytes.

    ``by_paragraph``: the lines of what may be a hard-wrapped paragraph are one text.
    """
    raw = iter(lambda: file.readline(limits.characters), b"")
    lines = (part for part in _parts(raw, limits.characters) if part is not None)
    parts = in_paragraphs(lines, limits.characters) if by_paragraph else lines
    return (chunk for chunk in _chunks(parts, name, limits) if chunk is not None)


def follow_chunks(file: BinaryIO, name: str, limits: Limits) -> Iterator[Chunk | None]:
    """The lines as they come; None where whoever waits for them should get what there is."""
    parts = _parts(_as_they_come(file.fileno()), limits.characters)
    return _chunks(parts, name, limits)


def _chunks(found: Iterable[Part | None], name: str, limits: Limits) -> Iterator[Chunk | None]:
    index, parts, size = 0, list[Part](), 0
    for part in found:
        full = len(parts) == limits.texts or (
            part is not None and size + len(part.content) > limits.characters
        )
        if parts and (part is None or full):
            yield Chunk(index, tuple(parts), name)
            index, parts, size = index + 1, [], 0
        if part is None:
            yield None
        else:
            parts.append(part)
            size += len(part.content)
    if parts:
        yield Chunk(index, tuple(parts), name)


def _parts(raw: Iterable[bytes | None], longest: int) -> Iterator[Part | None]:
    """Whole lines, and of lines of more than ``longest`` bytes pieces that end where a sentence
    does. ``raw`` is cut anywhere, but at every line end."""
    line, column, rest = 1, 1, b""
    for piece in raw:
        if piece is None:
            yield None
            continue
        rest += piece
        while len(rest) > longest:
            place = _cut(rest, longest)
            yield Part(line, column, rest[:place])
            column, rest = column + place, rest[place:]
        if rest.endswith(b"\n"):
            yield Part(line, column, rest)
            line, column, rest = line + 1, 1, b""
    if rest:
        yield Part(line, column, rest)


def _cut(line: bytes, longest: int) -> int:
    """Where to cut a line of more than ``longest`` bytes: after a sentence, else after a word,
    else after a character."""
    ends = [match.end() for match in _SENTENCE.finditer(line, 0, longest)]
    if ends:
        return ends[-1]
    place = line.rfind(b" ", 0, longest) + 1 or longest
    while place > 1 and line[place] & 0xC0 == 0x80:  # within a character of UTF-8
        place -= 1
    return place


def _as_they_come(descriptor: int) -> Iterator[bytes | None]:
    """Lines, and the beginnings of lines that have no end yet; None after a pause."""
    told = time.monotonic()
    waits = True
    while True:
        rest = max(0.0, min(_PAUSE, told + _LONGEST - time.monotonic()))
        if waits and not select.select([descriptor], [], [], rest)[0]:
            yield None
            told, waits = time.monotonic(), False
        data = os.read(descriptor, _READ)
        if not data:
            return
        waits = True
        yield from io.BytesIO(data)
