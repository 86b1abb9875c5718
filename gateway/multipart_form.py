"""Multipart forms (RFC 7578): fields and files, read in linear time and in UTF-8 only."""

from __future__ import annotations

from typing import NamedTuple

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from gateway.errors import bad_request

MAX_FIELDS = 1000
_UTF8 = ("utf-8", "utf8", "us-ascii")


class Upload(NamedTuple):
    filename: str
    content: bytes


class MultipartForm(NamedTuple):
    fields: dict[str, list[str]]
    files: dict[str, Upload]


def read_multipart(content_type: str, body: bytes) -> MultipartForm:
    """Raises 400 for a form that is malformed, has too many fields, or is not UTF-8."""
    _, options = parse_options_header(content_type)
    _check_charset(options.get("charset"))
    form = MultipartForm({}, {})
    try:
        for name, filename, content in _parts(options.get("boundary", ""), body):
            if filename:
                form.files[name] = Upload(filename, content)
            else:
                form.fields.setdefault(name, []).append(content.decode())
    except (MultipartError, UnicodeError):
        raise bad_request("Invalid request: the multipart form cannot be read") from None
    return form


def _parts(boundary: str, body: bytes) -> list[tuple[str, str | None, bytes]]:
    """Name, file name and content of each."""
    parts: list[tuple[str, str | None, bytes]] = []
    with PushMultipartParser(boundary, max_segment_count=MAX_FIELDS, strict=True) as parser:
        for event in parser.parse(body):
            if isinstance(event, MultipartSegment):
                _check_charset(event.charset)
                parts.append((event.name or "", event.filename, b""))
            elif event is not None:  # None is the end of a part; one chunk has a part in one piece
                parts[-1] = (*parts[-1][:2], bytes(event))
    return parts


def _check_charset(charset: str | None) -> None:
    if charset is not None and charset.lower() not in _UTF8:
        shown = charset.encode("ascii", "replace").decode()[:20]
        raise bad_request(f"Invalid request: charset {shown} is not supported. Send UTF-8.")
