"""CSV and TSV (RFC 4180): cells with letters are pieces; quotes, separators, line ends stay."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from file_formats.errors import FormatError
from file_formats.pieces import Patch, Piece, has_letters, one_piece

_IDENTIFIER = re.compile(r"[A-Za-z_][\w.:-]*")
_SEPARATORS = ",;\t|"
_LINES = 20
_UNQUOTED = re.compile(r"[^,;\t|\n\r]*")


@dataclass(frozen=True, slots=True)
class Cell:
    """``text[start:end]``, quotes included."""

    start: int
    end: int
    row: int


def comma_patches(text: str) -> Iterator[Patch]:
    return _patches(text, _separator(text))


def tab_patches(text: str) -> Iterator[Patch]:
    return _patches(text, "\t")


def _separator(text: str) -> str:
    """The sign that all of the first lines have equally often outside of quotes: prose has commas
    too. Where none has, the most frequent of the first line.
    """
    lines = [_signs(line) for line in text.split("\n", _LINES)[:_LINES] if line.strip()]
    first = lines[0] if lines else Counter()

    def fit(sign: str) -> tuple[bool, int]:
        count = first[sign]
        return count > 0 and all(line[sign] == count for line in lines), count

    return max(_SEPARATORS, key=fit)


def _signs(line: str) -> Counter[str]:
    return Counter(sign for part in line.split('"')[::2] for sign in part if sign in _SEPARATORS)


def _patches(text: str, separator: str) -> Iterator[Patch]:
    """A first row of nothing but identifiers names columns for programs, and stays."""
    head: list[Cell] = []
    for cell in _cells(text, separator):
        if cell.row == 0:
            head.append(cell)
            continue
        if head:
            yield from _head(text, separator, head)
            head = []
        yield from _patch(text, separator, cell)
    yield from _head(text, separator, head, is_all=True)


def _head(text: str, separator: str, cells: list[Cell], is_all: bool = False) -> Iterator[Patch]:
    values = [_value(text, cell) for cell in cells]
    if not is_all and all(map(_IDENTIFIER.fullmatch, values)):
        return
    for cell in cells:
        yield from _patch(text, separator, cell)


def _patch(text: str, separator: str, cell: Cell) -> Iterator[Patch]:
    value = _value(text, cell)
    if has_letters(value):
        is_quoted = text.startswith('"', cell.start)
        write = partial(_written, separator=separator, is_quoted=is_quoted)
        yield one_piece(cell.start, cell.end, Piece(value), write)


def _value(text: str, cell: Cell) -> str:
    raw = text[cell.start : cell.end]
    return raw[1:-1].replace('""', '"') if raw.startswith('"') else raw


def _written(value: str, separator: str, is_quoted: bool) -> str:
    if is_quoted or separator in value or "\n" in value or '"' in value:
        return '"' + value.replace('"', '""') + '"'
    return value


def _cells(text: str, separator: str) -> Iterator[Cell]:
    at = row = 0
    while at < len(text):
        end = _quoted_end(text, at) if text.startswith('"', at) else _plain_end(text, at, separator)
        yield Cell(at, end, row)
        row += text.startswith(("\n", "\r"), end)
        if text.startswith("\r\n", end):
            end += 1
        elif end < len(text) and text[end] not in (separator, "\n", "\r"):
            raise FormatError(
                f"The table cannot be read: in row {row + 1}, text follows a closing quote."
            )
        at = end + 1


def _plain_end(text: str, start: int, separator: str) -> int:
    at = start
    while match := _UNQUOTED.match(text, at):
        at = match.end()
        if at >= len(text) or text[at] in (separator, "\n", "\r"):
            break
        at += 1
    return at


def _quoted_end(text: str, start: int) -> int:
    at = start + 1
    while (found := text.find('"', at)) >= 0:
        if not text.startswith('""', found):
            return found + 1
        at = found + 2
    raise FormatError("The table cannot be read: a quote is never closed.")
