"""Attributes that people read: ``alt``, ``title``, ``placeholder``, ``aria-label``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from serving.text.markup.entities import unescape

READ = frozenset(("alt", "title", "placeholder", "aria-label"))
# One attribute after the other, so that nothing is found inside another's value.
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")


@dataclass(frozen=True, slots=True)
class Value:
    """``tag[start:end]``, quotes included, says ``text``."""

    start: int
    end: int
    text: str


def read_values(tag: str) -> Iterator[Value]:
    """The values of a start tag that are to be translated."""
    name_end = re.match(r"<[^\s/>]*", tag)
    for match in _ATTRIBUTE.finditer(tag, name_end.end() if name_end else 0):
        if match[2] and match[1].lower() in READ:
            text = unescape(match[2].strip(match[2][0]) if match[2][0] in "\"'" else match[2])
            if text.strip():
                yield Value(*match.span(2), text)


def write_value(tag: str, value: Value, text: str) -> str:
    """What to write at ``tag[value.start:value.end]`` for ``text``; as it was if unchanged."""
    raw = tag[value.start : value.end]
    if text == value.text:
        return raw
    quote = raw[0] if raw[0] in "\"'" else '"'
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return quote + escaped.replace(quote, "&quot;" if quote == '"' else "&#39;") + quote
