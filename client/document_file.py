"""A file of another format than plain text: read as a whole, its pieces translated in chunks."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from client.errors import Refused
from client.pair import Pair
from client.text_file import TextFile, check_unchanged, examine
from client.transport import Limits, Transport
from client.wishes import Wishes
from file_formats.chunks import Chunk, chunks
from file_formats.document import Document, read_document
from file_formats.errors import FormatError
from file_formats.names import suffix_of

MAX_BYTES = 200_000_000
_TEXT = ".txt"
_SAMPLE = 2000  # characters


@dataclass(frozen=True)
class DocumentChunk:
    index: int
    pieces: Chunk

    @property
    def size(self) -> int:
        """Characters."""
        return sum(map(len, self.pieces.texts))


@dataclass(frozen=True)
class DocumentFile:
    path: Path
    sha256: str
    length: int
    """Bytes."""
    changed: int
    """When it was last written, in nanoseconds."""
    document: Document

    @property
    def size(self) -> int:
        """Characters to translate."""
        return sum(len(piece.text) for piece in self.document.pieces)

    def chunks(self, limits: Limits) -> Iterator[DocumentChunk]:
        found = chunks(self.document.pieces, limits.texts, limits.characters)
        return (DocumentChunk(index, pieces) for index, pieces in enumerate(found))

    def translate(
        self, chunk: DocumentChunk, transport: Transport, pair: Pair, wishes: Wishes
    ) -> tuple[str, list[str]]:
        """The places and texts of the chunk's pieces, as JSON."""
        how = replace(wishes, format=chunk.pieces.format)
        answer = transport.translate(list(chunk.pieces.texts), pair, how)
        warnings = [
            f"{self.path}, text {chunk.pieces.places[place] + 1}: {warning}"
            for place, warning in answer.warnings
        ]
        return json.dumps([chunk.pieces.places, answer.texts]), warnings

    def assemble(self, texts: Iterator[str]) -> Iterator[bytes]:
        """The translated file of its translated chunks."""
        translations = [""] * len(self.document.pieces)
        for text in texts:
            for place, translation in zip(*json.loads(text), strict=True):
                translations[place] = translation
        yield self.document.write(translations)

    def sample(self) -> str:
        """What tells the file's language."""
        words: list[str] = []
        size = 0
        for piece in self.document.pieces:
            words.append(piece.text)
            size += len(piece.text)
            if size > _SAMPLE:
                break
        return "\n".join(words)[:_SAMPLE]

    def check_unchanged(self) -> None:
        check_unchanged(self.path, self.length, self.changed)


def format_of(path: Path, wanted: str | None) -> str:
    """As wished, or by the name; what is not known, and no document, is plain text.

    Raises `Refused` for a .pdf and the like, with the reason.
    """
    if wanted:
        return f".{wanted}"
    try:
        return suffix_of(path.name)
    except FormatError as error:
        if "Known are" in str(error):
            return _TEXT
        raise Refused(f"{path}: {error}") from error


def open_file(path: Path, suffix: str, target: str) -> TextFile | DocumentFile:
    """The file, checked. Raises `Refused` for one that cannot be read as what it is."""
    if suffix == _TEXT:
        return examine(path)
    status = path.stat()
    if status.st_size > MAX_BYTES:
        raise Refused(f"{path} is larger than {MAX_BYTES} bytes.")
    content = path.read_bytes()
    try:
        document = read_document(content, suffix, target)
    except FormatError as error:
        raise Refused(f"{path}: {error}") from error
    digest = hashlib.sha256(content).hexdigest()
    return DocumentFile(path, digest, status.st_size, status.st_mtime_ns, document)
