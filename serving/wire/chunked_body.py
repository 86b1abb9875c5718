"""A chunked request body (RFC 9112 §7.1), read strictly."""

import re
from typing import Any

from waitress.buffers import OverflowableBuffer
from waitress.utilities import BadRequest, Error, RequestEntityTooLarge

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;[\t\x20-\x7e]*)?")
_TRAILER = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*")
_LONGEST_LINE = 1024
_SIZE_LINE, _CHUNK_END, _TRAILERS = range(3)


class ChunkedBody:
    """Has the members waitress expects of a receiver.

    waitress's own takes ``5\\n\\r\\n`` for a size and skips empty lines between
    chunks, where other servers see the end or an error.
    """

    def __init__(self, limit: int) -> None:
        """``limit``: the most bytes of content; what frames the chunks is not counted."""
        self.completed = False
        self.error: Error | None = None
        self._limit = limit
        self._buffer = OverflowableBuffer(limit + 1)
        self._line = b""
        self._expected = _SIZE_LINE
        self._remaining = 0

    def received(self, data: bytes) -> int:
        """Takes the part of ``data`` that is the body's; returns its size in bytes."""
        left = data
        while left and not self.completed and self.error is None:
            left = self._take_chunk(left) if self._remaining else self._take_line(left)
        return len(data) - len(left)

    def __len__(self) -> int:
        return int(self._buffer.__len__())

    def getfile(self) -> Any:
        return self._buffer.getfile()

    def getbuf(self) -> OverflowableBuffer:
        return self._buffer

    def _take_chunk(self, data: bytes) -> bytes:
        chunk = data[: self._remaining]
        self._buffer.append(chunk)
        self._remaining -= len(chunk)
        return data[len(chunk) :]

    def _take_line(self, data: bytes) -> bytes:
        before = len(self._line)
        line, end, _ = (self._line + data).partition(b"\r\n")
        if len(line) > _LONGEST_LINE or b"\n" in line:
            self.error = BadRequest("A line of the chunked body is too long or ends without CR.")
        if not end:
            self._line += data
            return b""
        self._line = b""
        self._read_line(line)
        return data[len(line) + len(end) - before :]

    def _read_line(self, line: bytes) -> None:
        match = _SIZE.fullmatch(line)
        if self._expected == _SIZE_LINE and match:
            self._remaining = int(match[1], 16)
            self._expected = _CHUNK_END if self._remaining else _TRAILERS
            if len(self) + self._remaining > self._limit:
                self.error = RequestEntityTooLarge("The chunks are too much.")
        elif self._expected == _CHUNK_END and not line:
            self._expected = _SIZE_LINE
        elif self._expected == _TRAILERS and (not line or _TRAILER.fullmatch(line)):
            self.completed = not line
        else:
            self.error = BadRequest("The chunked body is malformed.")
