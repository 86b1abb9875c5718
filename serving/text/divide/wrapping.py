"""Hard-wrapped paragraphs: what is broken at a width is one text, and broken again afterwards.

A paragraph counts as wrapped where each line but the last is full: the next word would not have
fit. So breaking the same words again gives the same lines. Lists, verse, code, tables and
addresses have lines that end where their author wanted.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from operator import attrgetter

from serving.text.divide.source import Source
from serving.text.protect.rules import protected_spans
from serving.text.protect.spans import within

_NARROWEST, _WIDEST = 45, 100  # characters of the longest line
_LONGEST_PREFIX = 16
_FEWEST_WORDS = 4  # in a line
_SURE = 3  # lines; two have to be as long as most wrapped ones, and go on in small letters
_LONG = 60
_PREFIX = re.compile(r"[ \t]*(?:>[ \t]?)*[ \t]*")
_MARKER = re.compile(r"(?:[-*+•‣◦–—]|\d{1,3}[.)]|\(?[a-zA-Z]\))[ ]+")
_WORD = re.compile(r"(?<!\s)(\s*)(\S+)")
_NO_PROSE = re.compile(r"^\||[|{}]$|\);$|\S[ ]{3}|\t|\ue002")
_TITLE = re.compile(r"#|```|~~~|\.\. ")
_ENDS = ".!?:…。！？："
_CLOSERS = "\"'”’»)]*_"
_KEPT = "\ue002"  # a space where no line may be broken


@dataclass(frozen=True)
class Wrapped:
    """A hard-wrapped paragraph, ``text[start:end]``."""

    start: int
    end: int
    joined: str
    """The paragraph with a space for each line break and what stands before the next words."""
    breaks: frozenset[int]
    """Where in ``joined`` these spaces are."""
    width: int
    """Characters of the longest line."""
    indent: int
    """Characters before the first word of the first line."""
    between: str
    """The line break, and what each further line begins with."""

    def spared(self, source: Source) -> Source:
        """``source``, of ``joined``, so that `wrap` breaks no line within a protected string.

        Unless its author did.
        """

        def literal(start: int, end: int) -> str:
            parts = []
            for span in within(source.spans, start, end):
                parts.append(source.literal(start, span.start))
                own = source.literal(span.start, span.end)
                is_broken = any(at in self.breaks for at in range(span.start, span.end))
                parts.append(own if is_broken else own.replace(" ", _KEPT))
                start = span.end
            return "".join([*parts, source.literal(start, end)])

        return replace(source, literal=literal)

    def wrap(self, text: str) -> str:
        """``text`` in lines of at most `width`, but for a longer word."""
        margin = len(self.between.lstrip("\r\n"))
        parts: list[str] = []
        column = self.indent
        end = 0
        for match in _WORD.finditer(text):
            space, word = match.groups()
            end = match.end()
            if parts and column + len(space) + len(word) > self.width:
                parts += [self.between, word]
                column = margin + len(word)
            else:
                parts += [space, word]
                column += len(space) + len(word)
        return "".join([*parts, text[end:]]).replace(_KEPT, " ")


def paragraphs(text: str) -> Iterator[str | Wrapped]:
    """The whole text, in order: wrapped paragraphs, and what stands between them."""
    at = 0
    if wrapped := list(find_wrapped(text)):
        spans = [s for s in protected_spans(text) if "\n" in text[s.start : s.end]]
        for found in wrapped:
            index = bisect_left(spans, found.end, key=attrgetter("start")) - 1
            if index < 0 or spans[index].end <= found.start:
                yield text[at : found.start]
                yield found
                at = found.end
    yield text[at:]


def find_wrapped(text: str) -> Iterator[Wrapped]:
    """The wrapped paragraphs, in order; none of a text with several kinds of line breaks."""
    end = "\r\n" if "\r" in text else "\n"
    lines = text.split(end)
    if len(lines) < 2 or (end == "\r\n" and any("\r" in line or "\n" in line for line in lines)):
        return
    at = first = 0
    for index, line in enumerate([*lines, ""]):
        if line and not line.isspace():
            continue
        if index - first > 1:
            for found in _in_block(lines[first:index], at, end):
                if found.wrap(found.joined) == text[found.start : found.end]:
                    yield found
        at += sum(len(own) + len(end) for own in lines[first : index + 1])
        first = index + 1


def _in_block(lines: Sequence[str], at: int, end: str) -> Iterator[Wrapped]:
    """``lines`` have no blank one among them; ``at`` is where they begin."""
    width = max((size for line in lines if (size := len(line)) <= _WIDEST), default=0)
    if width < _NARROWEST:
        return
    first = 0
    for last, line in enumerate(lines):
        following = lines[last + 1] if last + 1 < len(lines) else ""
        if following and _is_full(line, following, width) and _belongs(lines[first], following):
            continue
        if last > first and (found := _paragraph(lines[first : last + 1], at, end, width)):
            yield found
        at += sum(len(own) + len(end) for own in lines[first : last + 1])
        first = last + 1


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether the first word of the next line would not have fit."""
    size = len(line)
    if size + 1 + len(following) <= width:
        return False
    if 2 * size + 2 <= width or size > width or len(following) > width:
        return False
    prefix = len(_prefix(following))
    end = following.find(" ", prefix)
    word = (end if end >= 0 else len(following)) - prefix
    return size + 1 + word > width and not line[-1].isspace() and line[-1] != "-"


def _belongs(first: str, line: str) -> bool:
    """Whether ``line`` is indented as further lines of a paragraph are that begins so."""
    rest = _further(first)
    return _prefix(line) == rest and not _MARKER.match(line, len(rest))


def _prefix(line: str) -> str:
    match = _PREFIX.match(line)
    return match[0] if match else ""


def _further(first: str) -> str:
    """What stands before the words of further lines: quote signs, and space under a marker."""
    prefix = _prefix(first)
    marker = _MARKER.match(first, len(prefix))
    return prefix + " " * (marker.end() - marker.start()) if marker else prefix


def _paragraph(lines: Sequence[str], start: int, end: str, width: int) -> Wrapped | None:
    prefix, rest = _prefix(lines[0]), _further(lines[0])
    bodies = [lines[0][len(prefix) :], *(line[len(rest) :] for line in lines[1:])]
    if len(rest) > _LONGEST_PREFIX or not _is_prose(bodies):
        return None
    ends = accumulate(len(body) + 1 for body in bodies[:-1])
    return Wrapped(
        start + len(prefix),
        start + sum(len(line) + len(end) for line in lines) - len(end),
        " ".join(bodies),
        frozenset(at - 1 for at in ends),
        width,
        len(prefix),
        end + rest,
    )


def _is_prose(bodies: Sequence[str]) -> bool:
    if any(body.count(" ") < _FEWEST_WORDS - 1 for body in bodies[:-1]):
        return False
    if _TITLE.match(bodies[0]) or any(map(_NO_PROSE.search, bodies)):
        return False
    going_on = [_goes_on(*pair) for pair in pairwise(bodies)]
    if len(bodies) < _SURE:
        return all(going_on) and len(bodies[0]) >= _LONG
    return 2 * sum(going_on) >= len(going_on)


def _goes_on(line: str, following: str) -> bool:
    """Whether a sentence runs over the break: it has no end there, and no capital after it."""
    first = next((c for c in following if c.isalpha()), "")
    return line.rstrip(_CLOSERS)[-1:] not in _ENDS and first != "" and not first.isupper()
