"""Lines and cells: a break between them never reaches a model and comes back as it was."""

import re

# What str.splitlines breaks at, and the tab between cells of a table.
_BREAKS = re.compile(r"((?:\r\n|[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029])+)")
_PARAGRAPHS = re.compile(r"((?:\r\n|\n|\r|\u2028|\u2029)(?:[ \t]*(?:\r\n|\n|\r|\u2028|\u2029))+)")


def split_lines(text: str) -> list[str]:
    """Line, break, line, break, …, line: an odd count, joined the text again."""
    return _BREAKS.split(text)


def split_paragraphs(text: str) -> list[str]:
    """Paragraph, break, …, paragraph: the same at blank lines only."""
    return _PARAGRAPHS.split(text)
