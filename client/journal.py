"""The state of an unfinished file: the chunks that are done, in the order they finished.

One JSON object a line: a header that says of what, then the chunks. A line is
written at once and whole; a last line that was cut off is dropped on reading,
so the journal survives any end of the process.
"""

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from client.contract import is_text
from client.errors import UsageError
from client.output_file import open_private


class Journal:
    def __init__(self, path: Path, header: dict[str, Any]) -> None:
        """Opens or begins the journal. Raises `UsageError` while another run holds it."""
        self.path = path
        self._lock = threading.Lock()
        self._file: BinaryIO = open_private(path)
        self._hold()
        self.begun_anew = False
        self._places = self._read(header)

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __contains__(self, index: int) -> bool:
        return index in self._places

    def __len__(self) -> int:
        return len(self._places)

    def add(self, index: int, text: str, warnings: list[str]) -> None:
        """From any thread; on the disk's side when it returns."""
        with self._lock:
            self._write({"chunk": index, "text": text, "warnings": warnings})

    def records(self) -> Iterator[dict[str, Any]]:
        """The chunks in the order of the file."""
        for index in sorted(self._places):
            self._file.seek(self._places[index])
            yield json.loads(self._file.readline())

    def _hold(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise UsageError(f"Another run is writing {self.path}. Wait for it.") from error

    def _read(self, header: dict[str, Any]) -> dict[int, int]:
        places: dict[int, int] = {}
        self._file.seek(0)
        if read_record(self._file.readline()) != header:
            self._begin(header)
            return places
        end = self._file.tell()
        while _is_chunk(record := read_record(self._file.readline())):
            places[record["chunk"]] = end
            end = self._file.tell()
        self._file.truncate(end)
        return places

    def _begin(self, header: dict[str, Any]) -> None:
        self.begun_anew = self._file.tell() > 0
        self._file.truncate(0)
        self._places = {}
        self._write(header)

    def _write(self, record: dict[str, Any]) -> None:
        line = json.dumps(record, ensure_ascii=False).encode() + b"\n"
        place = self._file.seek(0, os.SEEK_END)
        self._file.write(line)
        self._file.flush()
        if "chunk" in record:
            self._places[record["chunk"]] = place


def read_record(line: bytes) -> dict[str, Any]:
    """The record on a line; empty for the end of the file and for a line cut off."""
    if not line.endswith(b"\n"):
        return {}
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _is_chunk(record: dict[str, Any]) -> bool:
    """Else the file was damaged, and is used up to there."""
    warnings = record.get("warnings")
    return (
        isinstance(record.get("chunk"), int)
        and is_text(record.get("text"))
        and isinstance(warnings, list)
        and all(map(is_text, warnings))
    )
