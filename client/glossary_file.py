"""Terms in a file: `term`, a tab and its translation a line, or CSV of two or four columns."""

import csv
import io
from pathlib import Path

from client.errors import Refused, UsageError
from client.pair import Pair

SUFFIXES = (".csv", ".tsv", ".txt")
MAX_TERMS = 1000  # that one request may have


def is_file(glossary: str) -> bool:
    """Whether it names a file rather than a glossary that a service keeps."""
    return Path(glossary).suffix.lower() in SUFFIXES


def read_terms(path: Path, pair: Pair) -> dict[str, str]:
    """The terms of one pair, to be sent with every request."""
    terms = read_dictionaries(path, pair).get(_languages(pair), {})
    if not terms:
        raise UsageError(f"{path} has no terms of {pair}. Name their languages in its columns.")
    if len(terms) > MAX_TERMS:
        raise UsageError(
            f"{path} has {len(terms)} terms; a request may have {MAX_TERMS}. Make a glossary of "
            f"it: glossary create NAME {path}."
        )
    return terms


def read_dictionaries(path: Path, pair: Pair) -> dict[tuple[str, str], dict[str, str]]:
    """By languages; those of ``pair`` where the file does not name them."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{path} is not UTF-8. Convert it first, for example with iconv.") from error
    options = (
        {} if path.suffix.lower() == ".csv" else {"delimiter": "\t", "quoting": csv.QUOTE_NONE}
    )
    found: dict[tuple[str, str], dict[str, str]] = {}
    rows = csv.reader(io.StringIO(text, newline=""), **options)  # type: ignore[arg-type]
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                term, wanted, languages = _read_row(row, f"{path}, line {rows.line_num}", pair)
                found.setdefault(languages, {})[term] = wanted
    except csv.Error as error:
        raise Refused(f"{path}, line {rows.line_num} is not CSV: {error}.") from error
    return found


def _read_row(row: list[str], where: str, pair: Pair) -> tuple[str, str, tuple[str, str]]:
    cells = [cell.strip() for cell in row]
    if len(cells) not in (2, 4) or not all(cells):
        raise Refused(
            f"{where} has {len(cells)} columns. Write a term and its translation, and in two "
            "more columns their languages or none."
        )
    languages = _languages(pair) if len(cells) == 2 else (_language(cells[2]), _language(cells[3]))
    return cells[0], cells[1], languages


def _languages(pair: Pair) -> tuple[str, str]:
    return _language(pair.source), _language(pair.target)


def _language(code: str) -> str:
    return code.lower().replace("_", "-").partition("-")[0]
