"""Placeholders of programs: ``{name}`` ``{{x}}`` ``%s`` ``%1$d`` ``${v}`` ``$NAME`` ``:p``."""

import re
from collections.abc import Iterator

from serving.text.protect.signs import lines_with
from serving.text.protect.spans import Span

# Braces hold a name or a format, not prose: `{see below}` is translated.
_BRACES = r"""
    \{\{[^{}\r\n\t]*\}\}            # {{x}} {{ user.name | upper }}
  | \{%[^{}\r\n\t]*%\}              # {% if x %}
  | [$#@%]?\{[ ]?[\w.\-:!$@\[\]'"()<>/*+=#|~^?&;]*[ ]?\}        # {name} ${v} #{v} {0:.2f} {}
  | \{[ ]?\w+,[ ]?\w+(?:,[^{}\r\n\t]*)?\}   # {n, number} {d, date, short}
"""
# A width begins with no zero: flags and width would else share the zeros, in quadratic time.
_PERCENT = r"""
    (?<![\d%\w])%\(\w[\w.]*\)[#0+\- ]*(?:[1-9]\d*)?(?:\.\d+)?[a-zA-Z]  # %(name)s
  | (?<![\d%\w])%<\w+>[\d.]*[a-zA-Z]                            # %<name>s
  | (?<![\d%\w])%\w+%(?!\w)                                     # %name%
  | (?<![\d%])(?<!\d[ ])%(?:\d+\$)?[-+0\#']*(?:[1-9]\d*|\*)?(?:\.(?:\d+|\*))?
      (?:hh?|ll?|[Lqjzt])?[@diouxXeEfFgGaAcCspSn]               # %s %1$d %.2f %@ %-10ld
  | (?<![\d%])%L?\d{1,2}(?!\w)                                  # %1
  | %%
"""
_DOLLAR = r"""
    \$\([A-Za-z_][\w.]*\)           # $(v)
  | \$[A-Za-z_]\w*                  # $NAME
"""
_COLON = r"(?<![\w:/.])::?[A-Za-z_]\w*:?"  # :param and :smile:
_PLACEHOLDER = re.compile(f"{_BRACES}|{_PERCENT}|{_DOLLAR}|{_COLON}", re.VERBOSE | re.ASCII)
_SIGN = re.compile(r"[{%$:&\\]")
"""One of these is in each of them; few sentences have one."""
_NUMBER = re.compile(
    r"\{\d*(?::[^}]*[df])?\}|[^%\n]*%.*[diouf]|[^\w]*(?:n|num|count|total|number|amount|size|\w+_count"
    r"|\w+Count)\b.*",
    re.ASCII | re.IGNORECASE,
)
_MESSAGE = re.compile(r"\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,")
# An entity or an escape of a source file: a sentence is divided there.
_ESCAPE = re.compile(r"&(?:[A-Za-z]\w{1,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});|\\[nrt](?![a-z])")


def find_placeholders(text: str) -> Iterator[Span]:
    """Also ICU messages as a whole: ``{n, plural, one {…} other {…}}``."""
    for start, end in lines_with(_SIGN, text):
        for match in _PLACEHOLDER.finditer(text, start, end):
            kind = "number" if _NUMBER.fullmatch(match[0][:100]) else "name"
            yield Span(match.start(), match.end(), kind)
        for match in _ESCAPE.finditer(text, start, end):
            yield Span(match.start(), match.end(), "apart")
    if "{" in text:
        yield from _messages(text)


def _messages(text: str) -> Iterator[Span]:
    starts = [match.start() for match in _MESSAGE.finditer(text)]
    closing = _closing_braces(text) if starts else {}
    return (Span(start, closing[start] + 1) for start in starts if start in closing)


def _closing_braces(text: str) -> dict[int, int]:
    closing = {}
    opened = []
    for match in re.finditer(r"[{}]", text):
        if match[0] == "{":
            opened.append(match.start())
        elif opened:
            closing[opened.pop()] = match.start()
    return closing
