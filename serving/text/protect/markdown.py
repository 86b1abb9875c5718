"""Markdown in plain text: fenced code, the bars of table rows, ``~~``."""

import re
from collections.abc import Iterator

from serving.text.protect.spans import Span

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n`]*$", re.MULTILINE)
_STRIKE = re.compile(r"(?<!~)~~(?!~)")
_ROW = re.compile(r"^[ ]{0,3}\|[^\n]*", re.MULTILINE)
_BAR = re.compile(r"(?<!\\)\|")


def find_markdown(text: str) -> Iterator[Span]:
    """Marks at which a sentence is divided; a fence that is never closed is none."""
    if "```" in text or "~~~" in text:
        yield from _fences(text)
    if "~~" in text:
        yield from (Span(*match.span(), "apart") for match in _STRIKE.finditer(text))
    if "|" in text:
        for row in _ROW.finditer(text):
            for match in _BAR.finditer(text, *row.span()):
                yield Span(*match.span(), "apart")


def _fences(text: str) -> Iterator[Span]:
    opened: re.Match[str] | None = None
    for match in _FENCE.finditer(text):
        if opened is None:
            opened = match
        elif match[1].startswith(opened[1]) and match[0].strip() == match[1]:
            yield Span(opened.start(), match.end(), "apart")
            opened = None
