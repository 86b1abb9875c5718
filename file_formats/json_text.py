"""JSON: its strings are pieces, but not the names of members; all else stays byte for byte."""

import json
import re
from collections.abc import Iterator
from functools import partial

from file_formats.errors import FormatError
from file_formats.pieces import Patch, Piece, has_letters, one_piece

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_AFTER = re.compile(r"[ \t\r\n]*+:")


def json_patches(text: str) -> Iterator[Patch]:
    try:
        json.loads(text)
    except RecursionError:
        raise FormatError("The JSON is nested too deeply.") from None
    except ValueError as error:
        where = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise FormatError(f"The file is not JSON{where}.") from None
    for match in _STRING.finditer(text):
        value = json.loads(match[0])
        if has_letters(value) and not _AFTER.match(text, match.end()) and _is_text(value):
            write = partial(json.dumps, ensure_ascii=match[0].isascii() and not value.isascii())
            yield one_piece(*match.span(), Piece(value), write)


def _is_text(value: str) -> bool:
    """Half of a surrogate pair is no character."""
    return value.encode("utf-8", "replace").decode() == value and "\0" not in value
