"""The bytes of a text file as characters, and back."""

import codecs
import re
from collections.abc import Callable
from functools import partial

from file_formats.errors import FormatError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"""<meta\s[^<>]{0,200}?charset\s{0,20}=\s{0,20}["']?([\w.:-]{1,40})""", re.I)
_XML = re.compile(rb"""^<\?xml\s[^<>]{0,200}?encoding\s{0,20}=\s{0,20}["']([\w.:-]{1,40})""")
_HEAD = 1024  # bytes in which HTML's charset is looked for (WHATWG HTML, 13.2.3.2)
Encode = Callable[[str], bytes]


def decode_text(content: bytes) -> tuple[str, Encode]:
    """UTF-8, or UTF-16 with a byte order mark; written as it was read."""
    for mark, codec in _MARKS:
        if content.startswith(mark):
            text = _decoded(content[len(mark) :], codec)
            return text, partial(_encoded, mark, codec)
    return _decoded(content, "utf-8"), partial(_encoded, b"", "utf-8")


def _encoded(mark: bytes, codec: str, text: str) -> bytes:
    return mark + text.encode(codec, "replace")


def decode_hypertext(content: bytes) -> tuple[str, Encode]:
    """In the charset that the page names; written as UTF-8, and saying so."""
    named = _META.search(content[:_HEAD]) or _XML.search(content[:_HEAD])
    has_mark = content.startswith(tuple(mark for mark, _ in _MARKS))
    if has_mark or named is None or _is_utf8(named[1].decode("ascii", "replace")):
        return decode_text(content)
    charset = named[1].decode("ascii", "replace")
    start, end = named.span(1)
    text = _decoded(content[:start], charset), _decoded(content[end:], charset)
    return "utf-8".join(text), partial(_encoded, b"", "utf-8")


def _is_utf8(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name in ("utf-8", "ascii")
    except LookupError:
        return False


def _decoded(content: bytes, codec: str) -> str:
    # Browsers read the first as the second (WHATWG Encoding, 4.2).
    codec = "windows-1252" if codec.lower() in ("iso-8859-1", "latin1", "us-ascii") else codec
    try:
        if not codecs.lookup(codec)._is_text_encoding:
            raise LookupError
        text = content.decode(codec)
    except LookupError:
        raise FormatError(f"The file names the charset {codec}, which is unknown.") from None
    except UnicodeDecodeError as error:
        raise FormatError(
            f"The file is not {codec.upper()} text: byte {error.start} is invalid. "
            "Save it as UTF-8."
        ) from None
    if "\0" in text:
        raise FormatError("The file contains a NUL character, so it is no text.")
    return text
