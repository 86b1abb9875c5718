"""Markdown in plain text: fenced and indented code, the bars of table rows, ``~~``."""

import re
from collections.abc import Iterator

from serving.text.protect.spans import Span

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n`]*$", re.MULTILINE)
_STRIKE = re.compile(r"(?<!~)~~(?!~)")
_ROW = re.compile(r"^[ ]{0,3}\|[^\n]*", re.MULTILINE)
_INDENTED = re.compile(r"(?: {4}|\t)[ \t]*\S")
_LOOKS_LIKE_CODE = re.compile(
    r"""\ =\ |\w=\S|</?\w+[\s>/]                    # an assignment, a tag
    | (?:[{\\]|\w;|\w\((?!e?s\))[^()]*\)[:;,]?)\s*$  # a line's end; but not "file(s)"
    | ^\s*(?: [}\])\\] | [$%>\#]\ | [\w.-]+\ --?\w | \.{0,2}/\w | "[^"]*":[\s"\d\[{] )""",
    re.VERBOSE,
)
_BAR = re.compile(r"(?<!\\)\|")


def find_markdown(text: str) -> Iterator[Span]:
    """Marks at which a sentence is divided; a fence that is never closed is none."""
    if "```" in text or "~~~" in text:
        yield from _fences(text)
    if "\n    " in text or "\n\t" in text or text.startswith(("    ", "\t")):
        yield from _indented_code(text)
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


def _indented_code(text: str) -> Iterator[Span]:
    """Indented lines after a blank one, of which half look like code: others are prose."""
    begins = ends = at = 0
    code: list[bool] = []
    was_blank = True
    for line in text.splitlines(keepends=True):
        if _INDENTED.match(line) and (code or was_blank):
            begins = begins if code else at
            code.append(bool(_LOOKS_LIKE_CODE.search(line)))
            ends = at + len(line.rstrip())
        elif line.strip():
            yield from _code_span(begins, ends, code)
            code = []
        was_blank = not line.strip()
        at += len(line)
    yield from _code_span(begins, ends, code)


def _code_span(begins: int, ends: int, code: list[bool]) -> Iterator[Span]:
    if code and 2 * sum(code) >= len(code):
        yield Span(begins, ends, "apart")
