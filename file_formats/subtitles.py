"""SubRip and WebVTT: numbers, times, styles stay; each speaker's words are one piece."""

import re
import textwrap
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from html import escape, unescape

from file_formats.paragraph import Break, Close, Item, Open, Paragraph, Run, Thing
from file_formats.pieces import Patch, Piece, has_letters

_TIME = re.compile(r"^[ \t]*(?:\d+:)?\d+:\d\d[,.]\d{1,3}[ \t]*-->")
_CODE = re.compile(r"</?[A-Za-z][^<>\n]*>|<\d[\d:.]*>|\{\\[^{}\n]*\}")
_DASH = re.compile(r"(?:\{\\[^{}\n]{0,100}\}|</?[a-z]{1,4}>){0,4}[-–—‐]\s?(?=\S)")
_LINE = re.compile(r"[^\n]*\n?")


def subrip_patches(text: str) -> Iterator[Patch]:
    return _patches(text, is_vtt=False)


def webvtt_patches(text: str) -> Iterator[Patch]:
    return _patches(text, is_vtt=True)


def _patches(text: str, is_vtt: bool) -> Iterator[Patch]:
    for start, end in _cues(text):
        newline = "\r\n" if "\r\n" in text[start:end] else "\n"
        speeches = _speeches(text[start:end].replace("\r\n", "\n"))
        cue = _Cue([_Speech(speech, is_vtt) for speech in speeches], newline)
        if cue.pieces:
            yield Patch(start, end, cue.pieces, cue.render)


def _cues(text: str) -> Iterator[tuple[int, int]]:
    """The range of each cue's text: after its time, up to a blank line, without the last end."""
    at, start = 0, -1
    for match in _LINE.finditer(text):
        line = match[0]
        if start < 0:
            start = match.end() if _TIME.match(line) else -1
            at = start
        elif line.strip():
            at = match.start() + len(line.rstrip("\r\n"))
        if start >= 0 and (not line.strip() or match.end() == len(text)):
            if start < at:
                yield start, at
            start = -1


def _speeches(cue: str) -> list[list[str]]:
    """Its lines; where lines begin with a dash, each of these begins another's speech."""
    lines = cue.split("\n")
    speeches: list[list[str]] = []
    for line in lines:
        if speeches and not _DASH.match(line):
            speeches[-1].append(line)
        else:
            speeches.append([line])
    return speeches


class _Cue:
    def __init__(self, speeches: "Sequence[_Speech]", newline: str) -> None:
        self._speeches = speeches
        self._newline = newline
        self.pieces: tuple[Piece, ...] = tuple(p for speech in speeches for p in speech.pieces)

    def render(self, translations: Sequence[str]) -> str:
        new = iter(translations)
        lines = [s.render([next(new) for _ in s.pieces]) for s in self._speeches]
        return "\n".join(lines).replace("\n", self._newline)


class _Speech:
    """Its lines as one text, wrapped again to at most as many."""

    def __init__(self, lines: Sequence[str], is_vtt: bool) -> None:
        self._lines = len(lines)
        self._is_vtt = is_vtt
        dash = _DASH.match(lines[0])
        self._dash = dash[0] if dash else ""
        self._raw = "\n".join(lines)[len(self._dash) :]
        joined = " ".join(line.strip() for line in self._raw.split("\n"))
        self._paragraph = Paragraph(list(self._items(joined)), lambda text, _: self._written(text))
        self.pieces = self._paragraph.pieces if has_letters(joined) else ()

    def render(self, translations: Sequence[str]) -> str:
        if list(translations) == [piece.text for piece in self.pieces]:
            return self._dash + self._raw
        return self._dash + wrap(self._paragraph.render(translations), self._lines)

    def _items(self, text: str) -> Iterator[Item]:
        """A code that another one closes encloses what is between."""
        found = list(_CODE.finditer(text))
        kinds = _kinds([match[0] for match in found])
        at = 0
        for match, kind in zip(found, kinds, strict=True):
            yield Run(self._read(text[at : match.start()]))
            yield kind(match[0])
            at = match.end()
        yield Run(self._read(text[at:]))

    def _read(self, raw: str) -> str:
        return unescape(raw) if self._is_vtt else raw

    def _written(self, text: str) -> str:
        line = " ".join(text.split("\n"))
        return escape(line, quote=False) if self._is_vtt else line


def _kinds(codes: Sequence[str]) -> "list[type[Open | Close | Thing | Break]]":
    kinds: list[type[Open | Close | Thing | Break]] = [Thing] * len(codes)
    opened: list[int] = []
    for index, code in enumerate(codes):
        if code.startswith("</") and opened and _name(codes[opened[-1]]) == _name(code):
            kinds[opened.pop()], kinds[index] = Open, Close
        elif code.startswith("<") and code[1:2].isalpha():
            opened.append(index)
    return kinds


def _name(code: str) -> str:
    return re.split(r"[\s.>]", code.strip("</>"), maxsplit=1)[0].lower()


def wrap(text: str, lines: int) -> str:
    """In at most so many lines, as even as the words allow."""
    widths = range(max(1, len(text) // lines), len(text) + 1)
    # The wider, the fewer lines: found by halving, for a cue may be a whole book.
    index = bisect_left(widths, -lines, key=lambda width: -len(_wrapped(text, width)))
    return "\n".join(_wrapped(text, widths[index])) if index < len(widths) else text


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
