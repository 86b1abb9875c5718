"""HTML as tags and what is between them, found in linear time whatever is not closed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAME = re.compile(r"/?[A-Za-z][^\s/>]*")
_STOP = re.compile(r"[\"'>]")
_RAW = {"script", "style", "textarea", "xmp", "noembed", "noframes", "iframe"}


@dataclass(frozen=True, slots=True)
class Tag:
    """``text[start:end]``; ``name`` in lower case, of an end tag with a slash before it; empty
    for a comment or declaration."""

    name: str
    start: int
    end: int


def scan_tags(text: str) -> Iterator[Tag]:
    """The tags and comments, in order; the content of scripts and styles is none of them."""
    scan = _Scan(text)
    at = 0
    while (start := text.find("<", at)) >= 0:
        at = scan.end(start)
        if at < 0:
            return
        if at == start:
            at += 1
            continue
        name = scan.name(start)
        yield Tag(name, start, at)
        if name in _RAW and text[at - 2] != "/":
            at = scan.closing(name, at)


class _Scan:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lower = text.lower()
        self._unclosed: set[str] = set()

    def name(self, start: int) -> str:
        match = _NAME.match(self._text, start + 1)
        return match[0].lower() if match else ""

    def end(self, start: int) -> int:
        """Where what opens there ends; ``start`` if it is no markup, -1 if it has no end."""
        text = self._text
        if text.startswith("<!--", start):
            return self._after("-->", start + 4)
        if text.startswith("<![CDATA[", start):
            return self._after("]]>", start)
        if text.startswith(("<!", "<?"), start):
            return self._after(">", start)
        return self._tag(start) if _NAME.match(text, start + 1) else start

    def _after(self, what: str, start: int) -> int:
        found = self._text.find(what, start)
        return found + len(what) if found >= 0 else -1

    def _tag(self, start: int) -> int:
        at = start
        while stop := _STOP.search(self._text, at):
            quote = stop[0]
            at = stop.end()
            if quote == ">":
                return at
            closing = -1 if quote in self._unclosed else self._text.find(quote, at)
            if closing < 0:
                self._unclosed.add(quote)
            else:
                at = closing + 1
        return -1

    def closing(self, name: str, start: int) -> int:
        """Where the end tag of a raw element begins; all that follows, if it is not closed."""
        found = self._lower.find(f"</{name}", start) if len(self._lower) == len(self._text) else -1
        return found if found >= 0 else len(self._text)
