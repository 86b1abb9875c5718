"""What a text may hold, and how it is counted."""

from __future__ import annotations

import re

from gateway.errors import bad_request

_TAG = re.compile(r"<[^<>]*>")


def check_text(value: object, name: str) -> str:
    """The value as text; 400 where it is none, or holds what no text may hold."""
    if not isinstance(value, str):
        raise bad_request(f"Invalid request: {name} must be a string")
    if "\0" in value:
        raise bad_request(f"Invalid request: {name} contains a NUL character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise bad_request(f"Invalid request: {name} contains half of a surrogate pair") from None
    return value


def billed_characters(text: str, markup: bool) -> int:
    """Unicode code points; with markup, tags do not count."""
    return len(without_tags(text)) if markup else len(text)


def without_tags(markup: str) -> str:
    return _TAG.sub("", markup)
