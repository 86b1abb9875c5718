"""A text file: all of it checked before the first request, then read in chunks."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from client.errors import UsageError
from client.lines import Chunk, read_chunks


@dataclass(frozen=True)
class TextFile:
    path: Path
    sha256: str
    size: int
    """Bytes."""
    changed: int
    """When it was last written, in nanoseconds."""

    def chunks(self) -> Iterator[Chunk]:
        with self.path.open("rb") as file:
            yield from read_chunks(file, str(self.path))

    def check_unchanged(self) -> None:
        now = self.path.stat()
        if (now.st_size, now.st_mtime_ns) != (self.size, self.changed):
            raise UsageError(f"{self.path} changed while it was translated. Run it again.")


def examine(path: Path) -> TextFile:
    """Reads it through once. Raises `Refused` for a line that cannot be sent."""
    status = path.stat()
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in read_chunks(file, str(path)):
            chunk.split()
            for line in chunk.lines:
                digest.update(line)
    return TextFile(path, digest.hexdigest(), status.st_size, status.st_mtime_ns)
