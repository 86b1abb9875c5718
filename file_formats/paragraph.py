"""A paragraph of formatted text: its sentences whole, its formatting carried along as tags.

A sentence reaches over runs of different formatting, links, footnote marks. It is sent as XML in
which each of these is a tag; in its translation each tag becomes again what it stood for.
"""

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape, unescape

from file_formats.pieces import Piece, has_letters

_TAG = re.compile(r"<(/?)([gx])(\d{1,9})(/?)>")
_LAST_CLOSED = re.compile(r"<(/g\d{1,9})>\Z")
_LONGEST_WORD = 60
_SENTENCE_ENDS = ".!?…:;。！？"
_QUOTES = "\"'”’»)]"


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one formatting; two are the same where ``look`` is equal."""

    text: str
    look: Hashable = None


@dataclass(frozen=True, slots=True)
class Open:
    """The start of what encloses text, such as a link."""

    raw: str


@dataclass(frozen=True, slots=True)
class Close:
    raw: str


@dataclass(frozen=True, slots=True)
class Thing:
    """What stands in a sentence as a word would: a picture, a page number."""

    raw: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands after a word and goes where the word goes: a footnote's number."""

    raw: str


@dataclass(frozen=True, slots=True)
class Edge:
    """What has no place of its own in a sentence, such as a bookmark: goes to one of its ends."""

    raw: str
    is_start: bool


@dataclass(frozen=True, slots=True)
class Break:
    """What ends a line or a column."""

    raw: str


Item = Run | Open | Close | Thing | Mark | Edge | Break
Write = Callable[[str, Hashable], str]
"""The markup of a text in a look."""


@dataclass
class Paragraph:
    """The pieces of ``items``, and their markup with translations."""

    items: Sequence[Item]
    write: Write
    lines: "list[_Line | str]" = field(init=False)

    def __post_init__(self) -> None:
        self.lines = [
            part if isinstance(part, str) else _Line(part) for part in _divide(self.items)
        ]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(line.piece for line in self._translated())

    def render(self, translations: Sequence[str]) -> str:
        new = iter(translations)
        return "".join(
            line
            if isinstance(line, str)
            else line.render(next(new) if line.piece.text else "", self.write)
            for line in self.lines
        )

    def _translated(self) -> "Iterator[_Line]":
        return (line for line in self.lines if isinstance(line, _Line) and line.piece.text)


def _divide(items: Sequence[Item]) -> Iterator[list[Item] | str]:
    """Lines, and what stands between two; none is divided within a link."""
    line: list[Item] = []
    depth = 0
    for item in items:
        depth += isinstance(item, Open) - isinstance(item, Close)
        if isinstance(item, Break | Mark) and depth == 0 and _divides(item, line):
            yield from (line, item.raw)
            line = []
        else:
            line.append(item)
    yield line


def _divides(item: Item, line: Sequence[Item]) -> bool:
    last = line[-1] if line else None
    if isinstance(item, Break) or last is None:
        return True
    if not isinstance(last, Run):
        return False
    return last.text.rstrip().rstrip(_QUOTES)[-1:] in _SENTENCE_ENDS


class _Line:
    """One line of a paragraph, as a piece with tags."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._starts = "".join(i.raw for i in items if isinstance(i, Edge) and i.is_start)
        self._ends = "".join(i.raw for i in items if isinstance(i, Edge) and not i.is_start)
        self._items = _merged([item for item in items if not isinstance(item, Edge)])
        first, last = _core(self._items)
        self._before, self._after = self._items[:first], self._items[last:]
        self._items = self._items[first:last]
        self._base = _most_used(self._items)
        self._raws: dict[str, str] = {}
        self._looks: dict[str, Hashable] = {}
        self.piece = self._encode()

    def render(self, translation: str, write: Write) -> str:
        before, after = (
            "".join(_written(item, write) for item in part) for part in (self._before, self._after)
        )
        middle = self._decode(translation, write) if self.piece.text else None
        if middle is None:  # nothing to translate, or a translation without some of its tags
            middle = "".join(_written(item, write) for item in self._items)
        return "".join((self._starts, before, middle, after, self._ends))

    def _encode(self) -> Piece:
        """Empty where there is nothing to translate."""
        if not any(isinstance(item, Run) and has_letters(item.text) for item in self._items):
            return Piece("")
        if len(self._items) == 1 and isinstance(self._items[0], Run):
            return Piece(self._items[0].text)
        parts: list[str] = []
        opened: list[str] = []
        for item in self._items:
            self._add(item, parts, opened)
        return Piece("".join(parts), "xml")

    def _add(self, item: Item, parts: list[str], opened: list[str]) -> None:
        if isinstance(item, Run):
            self._add_run(item, parts)
        elif isinstance(item, Open):
            opened.append(self._name("g", item.raw))
            parts.append(f"<{opened[-1]}>")
        elif isinstance(item, Close):
            name = opened.pop() if opened else self._name("x", "")
            self._raws[f"/{name}"] = item.raw
            parts.append(f"</{name}>")
        elif isinstance(item, Mark) and (closed := _LAST_CLOSED.search(_tail(parts, 20))):
            self._raws[closed[1]] += item.raw
        elif isinstance(item, Mark) and (word := _last_word(parts)):
            name = self._name("g", "")
            self._raws[f"/{name}"] = item.raw
            parts[-1:] = [parts[-1].removesuffix(word), f"<{name}>{word}</{name}>"]
        elif isinstance(item, Thing | Mark | Break):
            parts.append(f"<{self._name('x', item.raw)}/>")

    def _add_run(self, run: Run, parts: list[str]) -> None:
        text = escape(run.text, quote=False)
        if run.look == self._base or run.text.isspace():
            parts.append(text)
            return
        name = self._name("g", "")
        self._raws[f"/{name}"] = ""
        self._looks[name] = run.look
        parts.append(f"<{name}>{text}</{name}>")

    def _name(self, kind: str, raw: str) -> str:
        name = f"{kind}{len(self._raws)}"
        self._raws[name] = raw
        return name

    def _decode(self, translation: str, write: Write) -> str | None:
        """None if a tag is missing, comes twice, or does not nest."""
        if self.piece.format == "text":
            return write(translation, self._base)
        parts: list[str] = []
        opened: list[str] = []
        missing = set(self._raws)
        at = 0
        for tag in _TAG.finditer(translation):
            self._write_text(translation[at : tag.start()], opened, parts, write)
            at = tag.end()
            name = f"{tag[2]}{tag[3]}"
            key = f"/{name}" if tag[1] else name
            if key not in missing or (tag[1] and (not opened or opened.pop() != name)):
                return None
            missing.discard(key)
            if not tag[1] and not tag[4]:
                opened.append(name)
            parts.append(self._raws[key])
        self._write_text(translation[at:], opened, parts, write)
        return None if missing else "".join(parts)

    def _write_text(self, text: str, opened: list[str], parts: list[str], write: Write) -> None:
        if text:
            look = next((self._looks[name] for name in opened[::-1] if name in self._looks), None)
            known = any(name in self._looks for name in opened)
            parts.append(write(unescape(text), look if known else self._base))


def _last_word(parts: Sequence[str]) -> str:
    tail = _tail(parts, _LONGEST_WORD)
    start = len(tail)
    while start and tail[start - 1].isalnum():
        start -= 1
    return tail[start:]


def _tail(parts: Sequence[str], size: int) -> str:
    return parts[-1][-size:] if parts else ""


def _written(item: Item, write: Write) -> str:
    return write(item.text, item.look) if isinstance(item, Run) else item.raw


def _merged(items: Sequence[Item]) -> list[Item]:
    """With neighbours of one look as one run; white space takes its neighbour's look."""
    merged: list[Item] = []
    texts: list[str] = []
    look: Hashable = None
    for item in (*items, None):
        is_same = isinstance(item, Run) and (item.look == look or item.text.isspace())
        if texts and not is_same:
            merged.append(Run("".join(texts), look))
            texts = []
        if isinstance(item, Run):
            look = look if texts else item.look
            texts += [item.text] if item.text else []
        elif item is not None:
            merged.append(item)
    return merged


def _core(items: Sequence[Item]) -> tuple[int, int]:
    """Without what stands at the edges, or encloses all: the less the better for a model."""
    first, last = 0, len(items)
    partner = _partners(items)
    while first < last:
        if isinstance(items[first], Thing | Mark | Break):
            first += 1
        elif isinstance(items[last - 1], Thing | Mark | Break):
            last -= 1
        elif partner.get(first) == last - 1:
            first, last = first + 1, last - 1
        else:
            break
    return first, last


def _partners(items: Sequence[Item]) -> dict[int, int]:
    opened: list[int] = []
    partner: dict[int, int] = {}
    for index, item in enumerate(items):
        if isinstance(item, Open):
            opened.append(index)
        elif isinstance(item, Close) and opened:
            partner[opened.pop()] = index
    return partner


def _most_used(items: Sequence[Item]) -> Hashable:
    counts: dict[Hashable, int] = {}
    for item in items:
        if isinstance(item, Run):
            counts[item.look] = counts.get(item.look, 0) + len(item.text)
    return max(counts, key=lambda look: counts[look], default=None)
