"""A text file: all of it checked before the first request, then read in chunks."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from client.errors import UsageError
from client.lines import Chunk, read_chunks
from client.transport import Limits


@dataclass(frozen=True)
class TextFile:
    path: Path
    sha256: str
    size: int
    """Bytes."""
    changed: int
    """When it was last written, in nanoseconds."""

    def chunks(self, limits: Limits) -> Iterator[Chunk]:
        with self.path.open("rb") as file:
            yield from read_chunks(file, str(self.path), limits)

    def check_unchanged(self) -> None:
        now = self.path.stat()
        if (now.st_size, now.st_mtime_ns) != (self.size, self.changed):
            raise UsageError(f"{self.path} changed while it was translated. Run it again.")


def examine(path: Path) -> TextFile:
    """Reads it through once. Raises `Refused` for a line that is not UTF-8."""
    status = path.stat()
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in read_chunks(file, str(path), Limits()):
            chunk.split()
            for part in chunk.parts:
                digest.update(part.content)
    return TextFile(path, digest.hexdigest(), status.st_size, status.st_mtime_ns)
