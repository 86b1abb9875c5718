"""Hard-wrapped paragraphs of a text file: the lines of one are sent as one text.

The service decides what is one, and wraps it again. Here is only found out what may be one, so
that the lines of a corpus stay texts by themselves.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

_NARROWEST, _WIDEST = 45, 100  # characters of the longest line
_PREFIX = "> \t"  # of quoted mails, and of what is indented


class Part(NamedTuple):
    """Lines with their ends, or a piece of a long one."""

    line: int
    """The first one's, counted from 1."""
    column: int
    """Of its first byte, counted from 1."""
    content: bytes


def in_paragraphs(lines: Iterable[Part], longest: int) -> Iterator[Part]:
    """``lines``, those that may be a wrapped paragraph as one part of at most ``longest`` bytes."""
    block: list[Part] = []
    size = 0
    for line in lines:
        is_blank = not line.content.strip()
        if block and (is_blank or size + len(line.content) > longest):
            yield from _together(block)
            block, size = [], 0
        if is_blank:
            yield line
        else:
            block.append(line)
            size += len(line.content)
    yield from _together(block)


def _together(block: Sequence[Part]) -> Sequence[Part]:
    if len(block) < 2 or any(part.column > 1 for part in block):
        return block
    if not _may_be_wrapped([part.content.decode(errors="replace").rstrip() for part in block]):
        return block
    return [block[0]._replace(content=b"".join(part.content for part in block))]


def _may_be_wrapped(lines: Sequence[str]) -> bool:
    """Whether after most lines the first word of the next one would not have fit."""
    width = max(map(len, lines))
    if not _NARROWEST <= width <= _WIDEST:
        return False
    full = [_is_full(line, following, width) for line, following in pairwise(lines)]
    return 3 * sum(full) >= 2 * len(full)


def _is_full(line: str, following: str, width: int) -> bool:
    word = following.lstrip(_PREFIX).partition(" ")[0]
    return len(line) + 1 + len(word) > width
