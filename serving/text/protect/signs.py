"""Signs: what a rule looks for first, because few lines of a text have one."""

import re
from collections.abc import Iterator


def lines_with(sign: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """The start and the end of each line in which ``sign`` stands."""
    at = 0
    while match := sign.search(text, at):
        start = text.rfind("\n", at, match.start()) + 1 or at
        at = text.find("\n", match.end())
        at = len(text) if at < 0 else at
        yield start, at
