"""Word's paragraphs (ECMA-376, part 1, 17.3): `w:p` in documents, headers, notes, comments."""

from collections.abc import Hashable, Iterator, Sequence
from functools import partial

from file_formats.paragraph import Break, Close, Edge, Item, Mark, Open, Run, Thing
from file_formats.pieces import Patch, Piece, has_letters, one_piece
from file_formats.run_markup import Markup, Stretch, text_of, written
from file_formats.xml_tree import Node, find_elements

PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
}
_PAIRS = {"w:hyperlink", "w:ins", "w:moveTo", "w:smartTag", "w:customXml", "w:dir", "w:bdo"}
_DELETED = {"w:del", "w:moveFrom"}
_DROPPED = {"w:proofErr", "w:lastRenderedPageBreak", "w:noProof", "w:lang", "w:softHyphen"}
_STARTS = {"w:bookmarkStart", "w:commentRangeStart", "w:permStart"}
_ENDS = {"w:bookmarkEnd", "w:commentRangeEnd", "w:permEnd"}
_BREAKS = {"w:tab", "w:br", "w:cr", "w:ptab"}
_MARKS = {
    "w:footnoteReference", "w:endnoteReference", "w:commentReference", "w:delText",
    "w:footnoteRef", "w:endnoteRef", "w:annotationRef", "w:instrText", "w:delInstrText",
}  # fmt: skip
_HIDDEN = {"w:vanish", "w:specVanish"}


def word_patches(data: bytes) -> Iterator[Patch]:
    markup = Markup(data)
    for paragraph in find_elements(data, {"w:p"}, PREFIXES):
        yield from sorted(_Paragraph(markup).patches(paragraph), key=lambda patch: patch.start)


class _Paragraph:
    def __init__(self, markup: Markup) -> None:
        self._markup = markup
        self._prefix = ""
        self._stretch = Stretch(self._write)
        self._field: _Field | None = None

    def patches(self, paragraph: Node) -> Iterator[Patch]:
        self._prefix = self._markup.prefix(paragraph)
        yield from self._walk(paragraph.children)
        yield from self._stretch.flush()

    def _walk(self, nodes: Sequence[Node]) -> Iterator[Patch]:
        for node in nodes:
            if node.holds_wanted:
                yield from self._stretch.flush()
                self._field = None
                yield from self._inner(node)
            elif node.name == "w:pPr":
                pass
            elif node.name in _PAIRS or node.name == "w:sdt" or _is_link(node):
                yield from self._pair(node)
            else:
                for item in self._items(node):
                    self._stretch.add(item, node)

    def _pair(self, node: Node) -> Iterator[Patch]:
        content = node.child("w:sdtContent") if node.name == "w:sdt" else node
        if content is None or content.inner[0] == content.end:
            self._stretch.add(Thing(self._markup.raw(node)), node)
            return
        self._stretch.add(Open(self._markup.slice(node.start, content.inner[0])), node)
        outer, self._field = self._field, None
        yield from self._walk(content.children)
        self._field = outer
        self._stretch.add(Close(self._markup.slice(content.inner[1], node.end)), node)

    def _items(self, node: Node) -> Iterator[Item]:
        raw = partial(self._markup.raw, node)
        if node.name == "w:r":
            yield from self._run(node)
        elif node.name in _STARTS | _ENDS or node.name.endswith(("RangeStart", "RangeEnd")):
            yield Edge(raw(), node.name.endswith("Start"))
        elif node.name in _DELETED:
            yield Mark(raw())
        elif node.name and node.name != "#" and node.name not in _DROPPED:
            yield Thing(raw())

    def _run(self, run: Node) -> Iterator[Item]:
        properties = run.child("w:rPr")
        known = properties.children if properties else []
        look = "".join(self._markup.raw(child) for child in known if child.name not in _DROPPED)
        if any(child.name in _HIDDEN for child in known):
            yield Mark(self._markup.raw(run))
            return
        for child in run.children:
            if child.name == "w:t":
                yield Run(text_of(child), look)
            elif child.name == "w:noBreakHyphen":
                yield Run("\u2011", look)
            elif child.name == "w:fldChar":
                yield from self._field_character(child, self._wrapped(child, look))
            elif child.name not in (*_DROPPED, "w:rPr", "", "#"):
                if child.name == "w:instrText" and self._field:
                    self._field.code += text_of(child)
                yield _of_kind(child.name, self._wrapped(child, look))

    def _field_character(self, child: Node, raw: str) -> Iterator[Item]:
        """A field is one thing, but for a link's: its text is translated."""
        kind = child.attributes.get("w:fldCharType")
        known = self._field
        if kind == "begin":
            if known is None:
                self._field = _Field(len(self._stretch))
            else:
                known.depth += 1
            yield Thing(raw)
        elif known is None or kind != "end" or known.depth:
            if known and kind == "end":
                known.depth -= 1
            elif known and kind == "separate" and not known.depth:
                known.text = len(self._stretch) + 1
            yield Thing(raw)
        else:
            self._field = None
            yield from self._whole(known, raw)

    def _whole(self, known: "_Field", end: str) -> Iterator[Item]:
        items = self._stretch.since(known.start)
        cut = known.text - known.start
        if known.text < 0 or known.code.split()[:1] != ["HYPERLINK"]:
            yield Thing(self._joined(items) + end)
            return
        yield Open(self._joined(items[:cut]))
        yield from items[cut:]
        yield Close(end)

    def _joined(self, items: Sequence[Item]) -> str:
        return "".join(
            self._write(item.text, item.look) if isinstance(item, Run) else item.raw
            for item in items
        )

    def _inner(self, node: Node) -> Iterator[Patch]:
        """What holds paragraphs of its own, a text box: it stays where it is."""
        if node.name == "w:p":
            yield from _Paragraph(self._markup).patches(node)
        elif node.name == "w:t":
            text = text_of(node)
            if has_letters(text):
                yield one_piece(*node.inner, Piece(text), written)
        elif node.name not in _DELETED:
            for child in node.children:
                yield from self._inner(child)

    def _write(self, text: str, look: Hashable) -> str:
        return self._in_run(self._element("t", written(text), ' xml:space="preserve"'), look)

    def _wrapped(self, child: Node, look: str) -> str:
        return self._in_run(self._markup.raw(child), look)

    def _in_run(self, content: str, look: Hashable) -> str:
        properties = self._element("rPr", str(look)) if look else ""
        return self._element("r", properties + content)

    def _element(self, name: str, content: str, attributes: str = "") -> str:
        return f"<{self._prefix}{name}{attributes}>{content}</{self._prefix}{name}>"


class _Field:
    """A field that has begun: the index of its first item, and of the first one of its text."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.text = -1
        self.depth = 0
        self.code = ""


def _is_link(node: Node) -> bool:
    code = node.attributes.get("w:instr", "") if node.name == "w:fldSimple" else ""
    return code.split()[:1] == ["HYPERLINK"]


def _of_kind(name: str, raw: str) -> Item:
    if name in _BREAKS:
        return Break(raw)
    return Mark(raw) if name in _MARKS else Thing(raw)
