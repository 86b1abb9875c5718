"""Entities: ``&amp;``, ``&#33;``."""

import html
import re

# int() refuses more than 4300 digits, and no character's number has as many as these.
_NO_CHARACTER = re.compile(r"&#(?=\d{20})\d+;?")


def unescape(text: str) -> str:
    """What the entities in ``text`` stand for; U+FFFD for a number that no character has."""
    return html.unescape(_NO_CHARACTER.sub("\ufffd", text))


def without_numbers(markup: str) -> str:
    """``markup`` of the same length, for a parser that would fail at such a number."""
    return _NO_CHARACTER.sub(lambda match: "x" * len(match[0]), markup)
