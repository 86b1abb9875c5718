"""Markup to tokens that joined are the markup again.

The parser is the standard library's: it takes fragments, unknown elements and
broken markup, tells where each token stands, and weighs nothing in the image.
(lxml, selectolax and html5lib repair the markup they read, so it would not come
back as it was; tree-sitter-html reads ``a < b`` as a tag and needs quadratic
time for unclosed comments.) Old patch releases of Python need quadratic time
for what is never closed; that is cut off before.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate, pairwise
from typing import Any

from serving.text.markup.entities import without_numbers

_ENTITY = re.compile(r"&#?\w+;?", re.ASCII)
_OPENS = re.compile(r"<[A-Za-z/!?]")


@dataclass(frozen=True, slots=True)
class Token:
    """``kind``: ``start``, ``end``, ``empty`` (``<x/>``), ``text``, or ``other`` (a comment …)."""

    kind: str
    raw: str
    name: str = ""
    """The element's, in lower case."""
    attributes: tuple[tuple[str, str | None], ...] = ()


def tokenize(markup: str, is_html: bool) -> list[Token]:
    """The tokens, whose ``raw`` joined is ``markup`` again."""
    end = _complete(markup)
    found = _Tokens(markup[:end], is_html).tokens
    return found if end == len(markup) else [*found, Token("other", markup[end:])]


def _complete(markup: str) -> int:
    """Where the tag or comment begins that is never closed; else the end."""
    ends = [len(markup)]
    if opened := _OPENS.search(markup, markup.rfind(">") + 1):
        ends.append(opened.start())
    if (comment := markup.find("<!--", markup.rfind("-->") + 1)) >= 0:
        ends.append(comment)
    return min(ends)


class _Tokens(HTMLParser):
    def __init__(self, markup: str, is_html: bool) -> None:
        super().__init__(convert_charrefs=False)
        self._is_html = is_html
        self._markup = markup
        self._lines = [0, *accumulate(len(line) + 1 for line in markup.split("\n"))]
        self._found: list[tuple[int, int | None, Token]] = []
        self.feed(without_numbers(markup))
        self.close()

    @property
    def tokens(self) -> list[Token]:
        """All tokens; what the parser passed over in silence is ``other``."""
        tokens: list[Token] = []
        first = self._found[0][0] if self._found else len(self._markup)
        self._add(tokens, Token("other", self._markup[:first]))
        starts = [start for start, _, _ in self._found]
        ranges = pairwise([*starts, len(self._markup)])
        for (start, following), (_, end, token) in zip(ranges, self._found, strict=True):
            end = following if end is None else min(end, following)
            raw = self._markup[start:end]
            self._add(tokens, Token(token.kind, raw, token.name, token.attributes))
            self._add(tokens, Token("other", self._markup[end:following]))
        return tokens

    def _add(self, tokens: list[Token], token: Token) -> None:
        if token.raw:
            tokens.append(token)

    def _note(self, token: Token, length: int | None = None) -> None:
        line, column = self.getpos()
        start = self._lines[line - 1] + column
        self._found.append((start, None if length is None else start + length, token))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(Token("start", "", tag, tuple(attrs)))

    def set_cdata_mode(self, elem: str, **kind: Any) -> None:
        if self._is_html:  # in XML no element's content is a script
            super().set_cdata_mode(elem, **kind)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(Token("empty", "", tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self._note(Token("end", "", tag))

    def handle_data(self, data: str) -> None:
        self._note(Token("text", ""), len(data))

    def handle_entityref(self, name: str) -> None:
        self._reference()

    def handle_charref(self, name: str) -> None:
        self._reference()

    def _reference(self) -> None:
        line, column = self.getpos()
        match = _ENTITY.match(self._markup, self._lines[line - 1] + column)
        self._note(Token("text", ""), len(match[0]) if match else 1)

    def handle_comment(self, data: str) -> None:
        self._note(Token("other", ""))

    def handle_decl(self, decl: str) -> None:
        self._note(Token("other", ""))

    def handle_pi(self, data: str) -> None:
        self._note(Token("other", ""))

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """``<![CDATA[…]]>`` and ``<![if …]>``; some releases raise for others."""
        close = "]]>" if self.rawdata.startswith("<![CDATA[", i) else ">"
        end = self.rawdata.find(close, i)
        if end < 0:
            return -1
        self._note(Token("other", ""))
        return end + len(close)

    def unknown_decl(self, data: str) -> None:
        self._note(Token("other", ""))
