"""A text file: all of it checked before the first request, then read in chunks."""

import codecs
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from client.errors import Refused, UsageError
from client.lines import Chunk, read_chunks
from client.pair import Pair
from client.transport import Limits, Transport
from client.wishes import Wishes

_PIECE = 1 << 20  # bytes


@dataclass(frozen=True)
class TextFile:
    path: Path
    sha256: str
    size: int
    """Bytes."""
    changed: int
    """When it was last written, in nanoseconds."""
    by_paragraph: bool = True
    """Whether the lines of a hard-wrapped paragraph are one text."""

    def chunks(self, limits: Limits) -> Iterator[Chunk]:
        with self.path.open("rb") as file:
            yield from read_chunks(file, str(self.path), limits, self.by_paragraph)

    def translate(
        self, chunk: Chunk, transport: Transport, pair: Pair, wishes: Wishes
    ) -> tuple[str, list[str]]:
        return translate_chunk(chunk, transport, pair, wishes)

    def assemble(self, texts: Iterator[str]) -> Iterator[bytes]:
        """The translated file of its translated chunks."""
        return (text.encode() for text in texts)

    def check_unchanged(self) -> None:
        check_unchanged(self.path, self.size, self.changed)


def check_unchanged(path: Path, size: int, changed: int) -> None:
    now = path.stat()
    if (now.st_size, now.st_mtime_ns) != (size, changed):
        raise UsageError(f"{path} changed while it was translated. Run it again.")


def translate_chunk(
    chunk: Chunk, transport: Transport, pair: Pair, wishes: Wishes
) -> tuple[str, list[str]]:
    """The translated lines with their ends, and warnings that name their lines."""
    with refused_at(chunk):
        answer = transport.translate([text for _, text, _ in chunk.split()], pair, wishes)
    warnings = [f"{chunk.where(place)}: {warning}" for place, warning in answer.warnings]
    return chunk.join(answer.texts), warnings


@contextmanager
def refused_at(chunk: Chunk) -> Iterator[None]:
    """A refusal names its lines."""
    try:
        yield
    except Refused as refusal:
        raise Refused(f"{chunk.where(0)} to {chunk.parts[-1].line}: {refusal}") from refusal


def examine(path: Path) -> TextFile:
    """Reads it through once. Raises `Refused` for a line that is not UTF-8."""
    status = path.stat()
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        _refuse_line(path)
    return TextFile(path, digest.hexdigest(), status.st_size, status.st_mtime_ns)


def _refuse_line(path: Path) -> NoReturn:
    """Line by line takes eighteen times as long: only where one has to be named."""
    with path.open("rb") as file:
        for chunk in read_chunks(file, str(path), Limits()):
            chunk.split()
    raise Refused(f"{path} is not UTF-8, or changes while it is read.")
