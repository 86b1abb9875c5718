"""``@mentions`` and ``#tags``."""

import re
from collections.abc import Iterator

from serving.text.protect.spans import Span

_HANDLE = re.compile(r"(?<![\w@&#/])(?:@[\w][\w.-]{0,99}|#\w{1,139})")


def find_handles(text: str) -> Iterator[Span]:
    if "@" not in text and "#" not in text:
        return
    for match in _HANDLE.finditer(text):
        yield Span(match.start(), match.start() + len(match[0].rstrip(".-")))
