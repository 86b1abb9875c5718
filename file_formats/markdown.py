"""Markdown (CommonMark): words of paragraphs, headings, lists, tables; marks and code stay."""

import re
from collections.abc import Iterator, Mapping, Sequence

from file_formats.paragraph import Break, Close, Item, Open, Paragraph, Run, Thing
from file_formats.pieces import Patch

_FENCE = re.compile(r" {0,3}(?:>[ ]?)*[ ]{0,3}(`{3,}|~{3,})")
_PREFIX = re.compile(r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+|>|#{1,6}[ \t]+|\[[ xX]\][ \t]+)*")
_NOT_TEXT = re.compile(
    r"[ \t]*+(?:\[[^\]\n]++\]:[ \t]|<[/!?A-Za-z]|[-*_=][-*_= \t]*+$"
    r"|\|?[ \t]*+:?-++:?[ \t]*+(?:\||$))"
)
_NEW_BLOCK = re.compile(r"[ \t]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|>|\||[-=]+[ \t]*$)")
_LIST = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_INLINE = re.compile(
    r"(?P<hard>(?:(?<![ ])[ ]{2,20}|\\)\r?\n[ \t>]{0,20})"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<ticks>`++)"
    r"|(?P<address><[A-Za-z][A-Za-z0-9+.-]{1,30}:[^\s<>]{1,2000}>)"
    r"|(?P<tag></?[A-Za-z][^<>]{0,500}>)"
    r"|(?P<link>!?\[)"
    r"|(?P<close>\](?:\([^()\s]{0,2000}(?:[ ]\"[^\"\n]{0,100}\")?\)|\[[^\]]{0,200}\])?)"
    r"|(?P<mark>\*{1,3}|_{1,3}|~~)",
    re.DOTALL,
)
_Kind = type[Break] | type[Open] | type[Close] | type[Thing] | type[Run]


def markdown_patches(text: str) -> Iterator[Patch]:
    for block in _blocks(text):
        yield from (
            _table(text, block) if text.startswith("|", block[0]) else _paragraph(text, *block)
        )


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of text: the lines of a paragraph, without the marks before the first one."""
    lines = _Lines(text.startswith(("---\n", "---\r\n")))
    at = 0
    block: tuple[int, int] | None = None
    for number, line in enumerate(text.splitlines(keepends=True)):
        kind = lines.kind(line, number, goes_on=block is not None)
        end = at + len(line.rstrip())
        if kind == "on" and block:
            block = (block[0], end)
        elif block:
            yield block
            block = None
        if kind in ("new", "alone"):
            prefix = _PREFIX.match(line)
            block = (at + (prefix.end() if prefix else 0), end)
        if kind == "alone" and block:
            yield block
            block = None
        at += len(line)
    if block:
        yield block


class _Lines:
    """What each line is: of a paragraph, ``new``, ``on`` or ``alone``, or something else."""

    def __init__(self, is_front: bool) -> None:
        self._is_front = is_front
        self._fence = ""
        self._is_list = False

    def kind(self, line: str, number: int, goes_on: bool) -> str:
        if self._is_code(line, number) or not line.strip() or _NOT_TEXT.match(line):
            return ""
        begins = _NEW_BLOCK.match(line)
        if goes_on and not begins:
            return "on"
        indent = len(line) - len(line.lstrip())
        if indent >= (8 if self._is_list else 4) and not begins:
            return ""
        self._is_list = bool(_LIST.match(line)) or (self._is_list and indent > 0)
        return "alone" if line.lstrip().startswith(("#", "|")) else "new"

    def _is_code(self, line: str, number: int) -> bool:
        """Fenced code, or what stands before the text between lines of dashes."""
        bare = line.rstrip()
        if self._is_front:
            self._is_front = not (number and bare in ("---", "..."))
            return True
        found = _FENCE.match(line)
        is_code = bool(found or self._fence)
        if found:
            self._fence = _next_fence(self._fence, found[1], bare)
        return is_code


def _next_fence(fence: str, found: str, line: str) -> str:
    if not fence:
        return found
    is_end = found.startswith(fence) and not line.strip(" >").strip(found[0])
    return "" if is_end else fence


def _table(text: str, block: tuple[int, int]) -> Iterator[Patch]:
    at, end = block
    while at < end:
        bar = text.find("|", at, end)
        stop = bar if bar >= 0 else end
        if text[stop - 1 : stop] != "\\":
            cell = text[at:stop]
            first = at + len(cell) - len(cell.lstrip())
            yield from _paragraph(text, first, max(first, at + len(cell.rstrip())))
        at = stop + 1


def _paragraph(text: str, start: int, end: int) -> Iterator[Patch]:
    raw = text[start:end]
    paragraph = Paragraph(list(_items(raw)), lambda new, _: " ".join(new.split("\n")))
    if pieces := paragraph.pieces:
        yield Patch(start, end, pieces, paragraph.render)


def _items(raw: str) -> Iterator[Item]:
    found = list(_INLINE.finditer(raw))
    code = _code(found)
    outside = _outside(found, code)
    at = 0
    for match, kind in zip(outside, _kinds(raw, outside), strict=True):
        end = code.get(match.start(), match.end())
        if kind is Run and match.start() not in code:
            continue
        yield Run(_unwrapped(raw[at : match.start()]))
        yield Thing(raw[match.start() : end]) if kind is Run else kind(match[0])
        at = end
    yield Run(_unwrapped(raw[at:]))


def _outside(found: Sequence[re.Match[str]], code: Mapping[int, int]) -> list[re.Match[str]]:
    """Those that are not within a span of code."""
    outside = []
    end = 0
    for match in found:
        if match.start() >= end:
            outside.append(match)
            end = code.get(match.start(), end)
    return outside


def _code(found: Sequence[re.Match[str]]) -> dict[int, int]:
    """Where spans of code start, and where they end: at the next ticks of as many."""
    ends: dict[int, int] = {}
    waiting: dict[str, int] = {}
    for match in found:
        if ticks := match["ticks"]:
            start = waiting.pop(ticks, -1)
            if start < 0:
                waiting[ticks] = match.start()
            else:
                ends[start] = match.end()
                waiting.clear()
    return ends


def _unwrapped(text: str) -> str:
    """Lines of a paragraph are one sentence after the other."""
    return re.sub(r"(?<![ \t])[ \t]*+\r?\n[ \t>]*+", " ", text)


def _kinds(raw: str, found: Sequence[re.Match[str]]) -> list[_Kind]:
    """Marks that pair enclose text; others are text."""
    kinds: list[_Kind] = []
    opened: list[int] = []
    for index, match in enumerate(found):
        kind: _Kind = Thing if match["address"] or match["tag"] else Run
        kind = Break if match["hard"] else kind
        if match["link"]:
            opened.append(index)
        elif match["close"]:
            kind = _close(found, kinds, opened, "link", match["close"] != "]")
        elif match["mark"]:
            before, after = (
                raw[match.start() - 1 : match.start()],
                raw[match.end() : match.end() + 1],
            )
            last = opened[-1] if opened else -1
            if last >= 0 and found[last]["mark"] == match["mark"] and before.strip():
                kind = _close(found, kinds, opened, "mark", True)
            elif after.strip() and not (before.isalnum() and "_" in match["mark"]):
                opened.append(index)
        kinds.append(kind)
    return kinds


def _close(
    found: Sequence[re.Match[str]],
    kinds: list[_Kind],
    opened: list[int],
    name: str,
    pairs: bool,
) -> _Kind:
    while opened and not found[opened[-1]][name]:
        opened.pop()
    if not opened or not pairs:
        return Run
    first = opened.pop()
    kinds[first] = Open
    return Close
