"""OpenDocument's paragraphs (OASIS ODF 1.3, part 3, 5.1): `text:p` and `text:h`."""

import re
from collections.abc import Hashable, Iterator, Sequence

from file_formats.paragraph import Break, Close, Edge, Item, Mark, Open, Run, Thing
from file_formats.pieces import Patch, Piece, has_letters, one_piece
from file_formats.run_markup import Markup, Stretch, written
from file_formats.xml_tree import Node, find_elements

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
PREFIXES = {
    f"{_OASIS}{name}:1.0": name for name in ("text", "office", "table", "style", "draw")
} | {f"{_OASIS}xsl-fo-compatible:1.0": "fo"}
_PARAGRAPHS = {"text:p", "text:h"}
_SKIPPED = {"text:tracked-changes", "office:automatic-styles", "office:font-face-decls"}
_BREAKS = {"text:line-break", "text:tab"}
_EDGES = {
    "text:bookmark-start": True, "text:bookmark": True, "text:reference-mark-start": True,
    "text:bookmark-end": False, "text:reference-mark-end": False, "text:change-start": True,
    "text:change-end": False, "office:annotation-end": False,
}  # fmt: skip
_PAIRS = {"text:a", "text:meta", "text:ruby", "text:ruby-base"}
_SAID = ("string", None)
_ATTRIBUTE = re.compile(rb"""\s([^\s=<>"']+)\s*=\s*("[^"]*"|'[^']*')""")


def open_document_patches(data: bytes) -> Iterator[Patch]:
    """Cells that hold a number, a date or a formula stay as they are."""
    markup = Markup(data)
    plain = _plain_styles(markup)
    wanted = _PARAGRAPHS | {"table:table-cell"}
    for node in find_elements(data, wanted, PREFIXES, _SKIPPED):
        patches = _inner(markup, node, plain)
        yield from sorted(patches, key=lambda patch: patch.start)


def _inner(markup: Markup, node: Node, plain: frozenset[str]) -> Iterator[Patch]:
    if node.name in _PARAGRAPHS:
        yield from _Paragraph(markup, plain).patches(node)
    elif not _is_computed(node):
        yield from _said_in_tag(markup, node)
        for child in node.children:
            yield from _inner(markup, child, plain)


def _is_computed(node: Node) -> bool:
    kind = node.attributes.get("office:value-type")
    return node.name == "table:table-cell" and (
        "table:formula" in node.attributes or kind not in _SAID
    )


def _said_in_tag(markup: Markup, cell: Node) -> Iterator[Patch]:
    """A cell's string as an attribute, which LibreOffice shows in place of the paragraphs."""
    value = cell.attributes.get("office:string-value", "")
    if not has_letters(value):
        return
    for found in _ATTRIBUTE.finditer(markup.data, cell.start, cell.inner[0]):
        if found[1].endswith(b":string-value"):
            yield one_piece(*found.span(2), Piece(value), _quoted)
            return


def _quoted(value: str) -> str:
    return '"' + written(value).replace('"', "&quot;").replace("\n", "&#10;") + '"'


def _plain_styles(markup: Markup) -> frozenset[str]:
    """Automatic styles that say nothing but when their text was edited."""
    styles = find_elements(markup.data, {"style:style"}, PREFIXES)
    return frozenset(
        style.attributes.get("style:name", "") for style in styles if _says_nothing(style)
    )


def _says_nothing(style: Node) -> bool:
    if style.attributes.get("style:family") != "text":
        return False
    if "style:parent-style-name" in style.attributes:
        return False
    properties = [child for child in style.children if child.name]
    return all(
        not child.children and all(name.endswith("rsid") for name in child.attributes)
        for child in properties
    )


class _Paragraph:
    def __init__(self, markup: Markup, plain: frozenset[str]) -> None:
        self._markup = markup
        self._plain = plain
        self._stretch = Stretch(_write)

    def patches(self, paragraph: Node) -> Iterator[Patch]:
        yield from self._walk(paragraph.children, ())
        yield from self._stretch.flush()

    def _walk(self, nodes: Sequence[Node], look: tuple[str, ...]) -> Iterator[Patch]:
        for node in nodes:
            if node.name == "text:span" and not node.holds_wanted:
                self._stretch.cover(node)
                yield from self._walk(node.children, self._within(node, look))
            elif _is_note(node):
                patches = sorted(self._notes(node), key=lambda patch: patch.start)
                self._stretch.add(Mark(self._stretch.nested(self._markup, node, patches)), node)
            elif node.holds_wanted:
                yield from self._apart(node, look)
            elif node.name in _PAIRS and node.inner[0] < node.end:
                self._stretch.add(Open(self._markup.opening(node)), node)
                yield from self._walk(node.children, look)
                self._stretch.add(Close(self._markup.closing(node)), node)
            elif (item := self._item(node, look)) is not None:
                self._stretch.add(item, node)

    def _apart(self, node: Node, look: tuple[str, ...]) -> Iterator[Patch]:
        """What holds paragraphs of its own stays where it is; a sentence ends there."""
        yield from self._stretch.flush()
        if node.name in ("text:span", *_PAIRS):
            yield from self._walk(node.children, ())
            yield from self._stretch.flush()
        else:
            yield from _inner(self._markup, node, self._plain)

    def _notes(self, note: Node) -> Iterator[Patch]:
        for child in note.children:
            yield from _inner(self._markup, child, self._plain)

    def _within(self, span: Node, look: tuple[str, ...]) -> tuple[str, ...]:
        if span.attributes.get("text:style-name") in self._plain:
            return look
        return (*look, self._markup.opening(span))

    def _item(self, node: Node, look: tuple[str, ...]) -> Item | None:
        raw = self._markup.raw(node)
        if not node.name:
            return Run(node.text, look)
        if node.name == "text:s":
            return Run(" ", look)
        if node.name in ("#", "text:soft-page-break"):
            return None
        if node.name in _EDGES:
            return Edge(raw, _EDGES[node.name])
        if node.name in _BREAKS:
            return Break(_around(raw, look))
        if node.name == "text:change":  # where something was deleted
            return Mark(raw)
        return Thing(_around(raw, look))


def _is_note(node: Node) -> bool:
    return node.name in ("text:note", "office:annotation")


def _write(text: str, look: Hashable) -> str:
    return _around(written(text), look if isinstance(look, tuple) else ())


def _around(content: str, look: tuple[str, ...]) -> str:
    ends = (f"</{opening[1:].split(None, 1)[0].rstrip('/>')}>" for opening in reversed(look))
    return "".join((*look, content, *ends))
