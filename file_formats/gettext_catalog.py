"""gettext's .po: what has no translation yet gets one; what people translated stays."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from file_formats.errors import FormatError
from file_formats.pieces import Patch, Piece, has_letters, one_piece

_KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d{1,2})\])?)[ \t]*+(?=")')
_ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9A-Fa-f]{2}|.)", re.DOTALL)
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_WRITTEN = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


@dataclass
class _Entry:
    texts: dict[str, list[str]] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)


def catalog_patches(text: str) -> Iterator[Patch]:
    for entry in _entries(text):
        source = "".join(entry.texts.get("msgid", ()))
        plural = "".join(entry.texts.get("msgid_plural", ())) or source
        for name, place in entry.places.items():
            wanted = source if name in ("msgstr", "msgstr[0]") else plural
            if source and has_letters(wanted) and not "".join(entry.texts[name]):
                yield one_piece(*place, Piece(wanted), _lines, adds=True)


def _entries(text: str) -> Iterator[_Entry]:
    entry, name, at = _Entry(), "", 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        bare = line.strip()
        keyword = _KEYWORD.match(bare)
        if keyword:
            if keyword[1] in ("msgctxt", "msgid") and entry.places:
                yield entry
                entry = _Entry()
            name = keyword[1]
            bare = bare[keyword.end() :]
        if keyword or bare.startswith('"'):
            if not name or len(bare) < 2 or not bare.endswith('"'):
                raise FormatError(f"The file is no .po catalogue: line {number} cannot be read.")
            entry.texts.setdefault(name, []).append(_read(bare[1:-1]))
            if name.startswith("msgstr"):
                end = at + len(line.rstrip())
                start = entry.places.get(name, (end - len(bare), 0))[0]
                entry.places[name] = (start, end)
        elif bare and not bare.startswith("#"):
            raise FormatError(f"The file is no .po catalogue: line {number} cannot be read.")
        at += len(line)
    yield entry


def _read(raw: str) -> str:
    return _ESCAPE.sub(lambda match: _SIGNS.get(match[1], match[1]), raw)


def _lines(value: str) -> str:
    """In a line; with line breaks in it, each line of it in one."""
    lines: Sequence[str] = value.splitlines(keepends=True)
    if len(lines) < 2:
        return _written(value)
    return "\n".join(['""', *map(_written, lines)])


def _written(value: str) -> str:
    return '"' + "".join(_WRITTEN.get(sign, sign) for sign in value) + '"'
