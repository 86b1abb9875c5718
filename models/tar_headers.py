"""A tar file's extended headers, within bounds: `tarfile` takes each into memory whole."""

import tarfile
from typing import Any, Self

MAX_BYTES = 4_000_000
"""Of all extended headers of an archive: 2000 members with names of 2 kB."""

_EXTENDED = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)


class HeaderRefused(tarfile.TarError):
    """The message says what of a header is more than a model's archive has."""


def bounded_headers() -> type[tarfile.TarInfo]:
    """For one archive, in place of `tarfile.TarInfo`. Raises `HeaderRefused`."""

    class Bounded(tarfile.TarInfo):
        left = MAX_BYTES

        @classmethod
        def frombuf(cls, buf: Any, encoding: Any, errors: str) -> Self:
            found = super().frombuf(buf, encoding, errors)
            if found.type in _EXTENDED:
                cls.left -= found.size
            if cls.left < 0:
                raise HeaderRefused(f"its extended headers are over {MAX_BYTES} bytes")
            if found.size < 0:  # tarfile would go round in circles
                raise HeaderRefused("a member has a negative size")
            if found.type == tarfile.GNUTYPE_SPARSE:
                raise HeaderRefused("a member is sparse")
            return found

        def _proc_gnusparse_10(self, *_: Any) -> None:
            """Its map, of any length, is read as part of the header."""
            raise HeaderRefused("a member is sparse")

    return Bounded
