"""What of a request's head is ambiguous, and so refused (RFC 9112 §2.2, §3, §5, §6).

Two servers that read one request differently can be made to disagree where it
ends: that is request smuggling. So there is one reading, or a refusal.
"""

import re

from waitress.parser import ParsingError, TransferEncodingNotImplemented

_REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Z-]+) ([\x21-\x7e]+) HTTP/1\.([01])")
_TARGET = re.compile(rb"/[^#]*|https?://([^/?#@]+)(?:[/?][^#]*)?|\*", re.IGNORECASE)
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*+([\t\x20-\x7e\x80-\xff]*)")
_HOST = re.compile(rb"[A-Za-z0-9._~%-]*(?::\d{0,5})?|\[[0-9A-Fa-f:.]+\](?::\d{0,5})?")
_LENGTH = re.compile(rb"\d{1,15}")
# waitress and WSGI read "_" as "-", so the name could pass for the other one.
_FRAMING = (b"host", b"content-length", b"transfer-encoding")


def check_head(head: bytes) -> None:
    """``head``: from the request line to the empty line.

    Raises waitress's ``ParsingError`` (400) or ``TransferEncodingNotImplemented`` (501).
    """
    first, *lines = head.split(b"\r\n")
    method, target, minor = _request_line(first)
    fields = [_field(line) for line in lines if line]
    _check_host(fields, _authority(method, target), minor)
    _check_framing(fields, minor)


def has_bare_break(head: bytes) -> bool:
    """A CR or LF by itself, which some servers take for a line's end; a last CR may go on."""
    return re.search(rb"\r(?!\n|\Z)|(?<!\r)\n", head) is not None


def _request_line(line: bytes) -> tuple[bytes, bytes, bytes]:
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise ParsingError("The request line is not METHOD /path HTTP/1.1.")
    return match[1], match[2], match[3]


def _authority(method: bytes, target: bytes) -> bytes | None:
    match = _TARGET.fullmatch(target)
    if match is None or (target == b"*" and method != b"OPTIONS"):
        raise ParsingError("The request target is neither a path nor an http URL.")
    return match[1]


def _field(line: bytes) -> tuple[bytes, bytes]:
    match = _FIELD.fullmatch(line)
    if match is None:
        raise ParsingError("A header line is not Name: value.")
    name = match[1].lower()
    if b"_" in name and name.replace(b"_", b"-") in _FRAMING:
        raise ParsingError("A header's name has an underscore in place of a hyphen.")
    return name, match[2].strip(b" \t")


def _check_host(fields: list[tuple[bytes, bytes]], authority: bytes | None, minor: bytes) -> None:
    hosts = [value for name, value in fields if name == b"host"]
    if len(hosts) > 1 or (not hosts and minor == b"1"):
        raise ParsingError(f"There are {len(hosts)} Host headers. Send one.")
    if hosts and not _HOST.fullmatch(hosts[0]):
        raise ParsingError("The Host header is not a host name with or without a port.")
    if hosts and authority is not None and authority.lower() != hosts[0].lower():
        raise ParsingError("The Host header and the request target name different hosts.")


def _check_framing(fields: list[tuple[bytes, bytes]], minor: bytes) -> None:
    lengths = [value for name, value in fields if name == b"content-length"]
    encodings = [value for name, value in fields if name == b"transfer-encoding"]
    if len(lengths) > 1 or not all(map(_LENGTH.fullmatch, lengths)):
        raise ParsingError("Content-Length is not one whole number.")
    if encodings and (lengths or minor == b"0"):
        raise ParsingError("Transfer-Encoding goes neither with Content-Length nor with HTTP/1.0.")
    if encodings and [value.lower() for value in encodings] != [b"chunked"]:
        raise TransferEncodingNotImplemented("Transfer-Encoding is not chunked, once.")
