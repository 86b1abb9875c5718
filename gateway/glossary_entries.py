"""A dictionary's entries as clients send them, TSV or CSV, by DeepL's rules."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gateway.backend import Pair
from gateway.errors import GatewayError, bad_request
from gateway.languages import base_code

MAX_TERM = 1024  # bytes in UTF-8, of a term as of a glossary's name
FORMATS = ("tsv", "csv")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class _Row(NamedTuple):
    """An entry, and where its first character stands: None where that is not told."""

    source: str
    target: str
    position: int | None


def read_entries(text: object, entries_format: object, pair: Pair) -> dict[str, str]:
    """Terms and their translations; 400 with the first mistake, by DeepL's words.

    A CSV of four columns names the pair of each row; rows of another pair are passed over.
    """
    if entries_format not in FORMATS:
        raise bad_request("Value for 'entries_format' not supported. Use tsv or csv.")
    if not isinstance(text, str):
        raise bad_request("Parameter 'entries' must be a string.")
    rows = _tsv_rows(text) if entries_format == "tsv" else _csv_rows(text, pair)
    entries: dict[str, str] = {}
    first: dict[str, tuple[int, int | None]] = {}
    for index, row in enumerate(rows):
        _check_term(row.source, "Key", index, row.position)
        _check_term(row.target, "Value", index, row.position)
        if row.source in first:
            known = _place(*first[row.source])
            raise invalid(
                f"Key with the {_place(index, row.position)} duplicates key with the {known}"
            )
        first[row.source] = index, row.position
        entries[row.source] = row.target
    if not entries:
        raise invalid("No entries: a dictionary has one at least")
    return entries


def write_tsv(entries: Mapping[str, str]) -> str:
    return "\n".join(f"{source}\t{target}" for source, target in entries.items())


def check_name(name: object) -> str:
    if not isinstance(name, str) or not name.strip():
        raise bad_request("Parameter 'name' not specified.")
    if len(name.encode("utf-8", "replace")) > MAX_TERM or _CONTROLS.search(name):
        raise bad_request(
            f"Value for 'name' not supported: {MAX_TERM} bytes at most, no control characters."
        )
    return name


def check_term(value: object) -> str:
    """A term, or a translation of one, that came by itself; 400 for what is none."""
    if not isinstance(value, str):
        raise bad_request("Invalid request: a term and its translation must be strings")
    term = value.strip()
    if not term or _CONTROLS.search(term) or len(term.encode("utf-8", "replace")) > MAX_TERM:
        raise bad_request(
            f"Invalid request: a term and its translation have 1 to {MAX_TERM} bytes and no "
            "control characters"
        )
    return term


def invalid(detail: str) -> GatewayError:
    return GatewayError(400, "invalid_entries", "Invalid glossary entries provided", detail=detail)


def _tsv_rows(text: str) -> Iterator[_Row]:
    at = 0
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text)):
        start = text.index(line, at)
        at = start + len(line)
        if not line.strip():
            continue
        source, tab, target = line.partition("\t")
        if not tab:
            raise invalid(f"Line {number + 1} has no tab between a term and its translation")
        if "\t" in target:
            raise invalid(f"Line {number + 1} has more than one tab")
        yield _Row(source.strip(), target.strip(), start)


def _csv_rows(text: str, pair: Pair) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) not in (2, 4):
                raise invalid(
                    f"Line {reader.line_num} has {len(row)} columns, but must have 2 or 4"
                )
            if len(row) == 2 or tuple(map(base_code, row[2:])) == pair:
                yield _Row(row[0].strip(), row[1].strip(), None)
    except csv.Error as error:
        raise invalid(f"Line {reader.line_num} is not CSV: {error}") from None


def _check_term(term: str, kind: str, index: int, position: int | None) -> None:
    if not term:
        raise invalid(f"{kind} with the {_place(index, position)} is empty")
    if _CONTROLS.search(term):
        raise invalid(f"{kind} with the {_place(index, position)} has a control character")
    size = len(term.encode("utf-8", "replace"))
    if size > MAX_TERM:
        raise invalid(
            f"{kind} with the {_place(index, position)} has {size} bytes, more than {MAX_TERM}"
        )


def _place(index: int, position: int | None) -> str:
    at = "" if position is None else f" (starting at position {position})"
    return f"index {index}{at}"
