"""Placeholders of programs: ``{name}`` ``{{x}}`` ``%s`` ``%1$d`` ``${v}`` ``$NAME`` ``:p``."""

import re
from collections.abc import Iterator

from serving.text.protect.signs import lines_with
from serving.text.protect.spans import Span

# Braces hold a name or a format, not prose: `{see below}` is translated.
_BRACES = r"""
    \{\{[^{}\r\n\t]*\}\}            # {{x}} {{ user.name | upper }}
  | [$#@%]?\{[ ]?[\w.\-:!$@\[\]'"()<>/*+=#|~^?&;]*[ ]?\}        # {name} ${v} #{v} {0:.2f} {}
  | \{[ ]?\w+,[ ]?\w+(?:,[^{}\r\n\t]*)?\}   # {n, number} {d, date, short}
"""
# A width begins with no zero: flags and width would else share the zeros, in quadratic time.
_PERCENT = r"""
    (?<![\d%\w])%\(\w[\w.]*\)[#0+\- ]*(?:[1-9]\d*)?(?:\.\d+)?[a-zA-Z]  # %(name)s
  | (?<![\d%\w])%<\w+>[\d.]*[a-zA-Z]                            # %<name>s
  | (?<![\d%\w])%\w+%(?!\w|%(?!\w))                                # %name%
  | (?<![\d%])(?<!\d[ ])%(?:\d+\$)?[-+0\#']*(?:[1-9]\d*|\*)?(?:\.(?:\d+|\*))?
      (?:hh?|ll?|[Lqjzt])?[@diouxXeEfFgGaAcCspSn]               # %s %1$d %.2f %@ %-10ld
  | (?<=\d[ ])%[@dsiuxXfgG](?!\w)                                 # 5 %s of 10
  | (?<![\d%])%L?\d{1,2}(?!\w)                                  # %1
  | %%
"""
_DOLLAR = r"""
    \$\([A-Za-z_][\w.]*\)           # $(v)
  | \$t\([^()\r\n\t]*\)             # $t(key)
  | \$[A-Za-z_]\w*                  # $NAME
"""
_COLON = r"(?<![\w:/.])::?[A-Za-z_]\w*:?"  # :param and :smile:
# What translation tools and libraries put in the place of others.
_STAND_INS = r"""
    \[X\d{1,4}X\]                    # [X7X], of Weblate
  | \[\[[ ]?\w[\w.-]*[ ]?\]\]        # [[0]]
  | ⟦[^⟦⟧\r\n\t]*⟧
  | (?<!\w)__(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*|[a-z][a-z0-9]*(?:_[a-z0-9]+)*)__(?!\w)
  | (?<![\w@])@(?:\.\w+)?:(?:\(\w[\w.-]*\)|\w+(?:\.\w+)*)  # @:key @.lower:key
  | <%[=\-][^%\r\n\t]*%>            # <%= name %>
"""
_BEGINS = r"(?=[{$\#@%\[⟦_<:])"  # asked once at each character, instead of every alternative
_PLACEHOLDER = re.compile(
    f"{_BEGINS}(?:{_BRACES}|{_PERCENT}|{_STAND_INS}|{_DOLLAR}|{_COLON})", re.VERBOSE | re.ASCII
)
_SIGN = re.compile(r"[{%$:&\\\[_⟦]")
"""Every placeholder contains one of these, and few sentences do: it is searched first."""
_NUMBER = re.compile(
    r"\{\d*(?::[^}]*[df])?\}|[^%\n]*%.*[diouf]|[^\w]*(?:n|num|count|total|number|amount|size|\w+_count"
    r"|\w+Count)\b.*",
    re.ASCII | re.IGNORECASE,
)
_MESSAGE = re.compile(r"\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,")
# $1 $2 …: where there is no $1, they are prices.
_COUNTED = re.compile(r"(?<![\w$])\$([1-9])(?![\w%]|[.,]\d)", re.ASCII)
# What opens, parts or closes a block encloses text to translate, and is no word of it.
_BLOCK = re.compile(
    r"\{\{[#/^!~ ]{0,3}(?:(?<=[#/^!])|else\b)[^{}\r\n\t]*\}\}"  # {{#if x}} {{else}} {{/if}}
    r"|\{%[^{}\r\n\t]*%\}"  # {% if x %}
    r"|<%(?![=\-])[^%\r\n\t]*%>"
    r"|\{\\[^{}\r\n\t]*\}"  # {\an8}, of subtitles
)
_FOOTNOTE = re.compile(r"\[\^[^\s\[\]^]{1,50}\]")  # [^1]
# An entity that is not decoded, or an escape of a source file: a sentence is divided there.
_ESCAPE = re.compile(r"&(?:[A-Za-z]\w{1,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});|\\[nrt](?![a-z])")


def find_placeholders(text: str) -> Iterator[Span]:
    """Placeholders, also ICU messages as a whole: ``{n, plural, one {…} other {…}}``."""
    for start, end in lines_with(_SIGN, text):
        blocks = {match.span() for match in _BLOCK.finditer(text, start, end)}
        yield from (Span(*place, "apart") for place in blocks)
        yield from (Span(*m.span(), "aside") for m in _FOOTNOTE.finditer(text, start, end))
        for match in _PLACEHOLDER.finditer(text, start, end):
            if match.span() not in blocks:
                kind = "number" if _NUMBER.fullmatch(match[0][:100]) else "name"
                yield Span(match.start(), match.end(), kind)
        for match in _ESCAPE.finditer(text, start, end):
            yield Span(*match.span(), "apart")
    if "$1" in text:
        yield from _counted(text)
    if "{" in text:
        yield from _messages(text)


def _counted(text: str) -> Iterator[Span]:
    found = list(_COUNTED.finditer(text))
    if any(match[1] == "1" for match in found):
        yield from (Span(*match.span()) for match in found)


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
