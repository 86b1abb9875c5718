"""Inline code: ``` `like this` ```, with as many backticks as its author chose."""

import re
from collections.abc import Iterator

from serving.text.protect.spans import Span

_MARK = re.compile(r"`+|[\r\n]+")


def find_code(text: str) -> Iterator[Span]:
    """A run of backticks to the next of the same length on its line, as in Markdown."""
    if "`" not in text:
        return
    marks = [
        (match.start(), match.end(), text[match.start()] == "`") for match in _MARK.finditer(text)
    ]
    partners = _partners(marks)
    end = 0
    for index, (start, _, _) in enumerate(marks):
        if index in partners and start >= end:
            end = marks[partners[index]][1]
            yield Span(start, end)


def _partners(marks: list[tuple[int, int, bool]]) -> dict[int, int]:
    partners = {}
    following: dict[int, int] = {}
    for index in range(len(marks) - 1, -1, -1):
        start, end, is_tick = marks[index]
        if not is_tick:
            following.clear()
            continue
        if end - start in following:
            partners[index] = following[end - start]
        following[end - start] = index
    return partners
