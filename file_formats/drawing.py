"""DrawingML's paragraphs (ECMA-376, part 1, 21.1.2): `a:p` in slides, notes, charts, diagrams."""

import re
from collections.abc import Hashable, Iterator

from file_formats.paragraph import Break, Item, Run, Thing
from file_formats.pieces import Patch
from file_formats.run_markup import Markup, Stretch, text_of, written
from file_formats.xml_tree import Node, find_elements

PREFIXES = {
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
}
_NO_LOOK = re.compile(r' (?:lang|altLang|dirty|err|smtClean|noProof)="[^"]*"')
_AROUND = {"a:pPr", "a:endParaRPr", "", "#"}


def drawing_patches(data: bytes) -> Iterator[Patch]:
    markup = Markup(data)
    for node in find_elements(data, {"a:p"}, PREFIXES):
        yield from _Paragraph(markup, node).patches(node)


class _Paragraph:
    def __init__(self, markup: Markup, node: Node) -> None:
        self._markup = markup
        self._prefix = markup.prefix(node)

    def patches(self, paragraph: Node) -> Iterator[Patch]:
        stretch = Stretch(self._write)
        for child in paragraph.children:
            if child.holds_wanted:
                yield from stretch.flush()
            elif child.name not in _AROUND:
                stretch.add(self._item(child), child)
        yield from stretch.flush()

    def _item(self, child: Node) -> Item:
        text = child.child("a:t") if child.name == "a:r" else None
        if text is not None:
            properties = child.child("a:rPr")
            raw = self._markup.raw(properties) if properties else ""
            opening = raw.partition(">")[0]
            return Run(text_of(text), _NO_LOOK.sub("", opening) + raw[len(opening) :])
        raw = self._markup.raw(child)
        return Break(raw) if child.name == "a:br" else Thing(raw)

    def _write(self, text: str, look: Hashable) -> str:
        name = self._prefix
        content = f"{look or ''}<{name}t>{written(text)}</{name}t>"
        return f"<{name}r>{content}</{name}r>"
