"""Tags in plain text: ``<x id="7"/>``, ``<b>``, and the numbered ones of react-i18next, ``<0>``."""

import re
from collections.abc import Iterator

from serving.text.protect.spans import Span

_TAG = re.compile(r"</?(?:[A-Za-z][\w:.-]*(?:[\s/][^<>]*)?|\d{1,3}[ ]?/?)>", re.ASCII)


def find_tags(text: str) -> Iterator[Span]:
    """An empty element stands for something; at any other tag a sentence is divided."""
    if "<" not in text:
        return
    for match in _TAG.finditer(text):
        yield Span(match.start(), match.end(), "name" if match[0].endswith("/>") else "apart")
