"""Excel's strings (ECMA-376, part 1, 18.4): shared ones, those in cells, and comments.

The words of formulas, the names of sheets and of a table's columns stay: others refer to them.
"""

from collections.abc import Collection, Hashable, Iterator

from file_formats.paragraph import Break, Item, Run
from file_formats.pieces import Patch
from file_formats.run_markup import Markup, Stretch, text_of, written
from file_formats.xml_tree import Node, find_elements

PREFIXES = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "s",
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "s",
}
_STRINGS = {"s:si", "s:is", "s:text"}
_LONGEST = 32_767
"""Characters of a cell; Excel repairs a workbook that has more in one."""


def column_names(data: bytes) -> set[str]:
    """Those of a table: its head's cells must say the same."""
    columns = find_elements(data, {"s:tableColumn"}, PREFIXES)
    return {column.attributes.get("name", "") for column in columns}


def sheet_patches(data: bytes, kept: Collection[str]) -> Iterator[Patch]:
    """``kept``: whole strings that stay as they are."""
    markup = Markup(data)
    for node in find_elements(data, _STRINGS, PREFIXES):
        if _plain(node) not in kept:
            yield from _String(markup, node).patches(node)


def _plain(node: Node) -> str:
    texts = (child if child.name == "s:t" else child.child("s:t") for child in node.children)
    return "".join(text_of(text) for text in texts if text is not None)


class _String:
    def __init__(self, markup: Markup, node: Node) -> None:
        self._markup = markup
        self._prefix = markup.prefix(node)
        self._is_rich = node.child("s:r") is not None

    def patches(self, node: Node) -> Iterator[Patch]:
        stretch = Stretch(self._write)
        for child in node.children:
            if child.name in ("s:t", "s:r"):
                for item in self._items(child):
                    stretch.add(item, child)
        yield from stretch.flush()

    def _items(self, node: Node) -> Iterator[Item]:
        text = node.child("s:t") if node.name == "s:r" else node
        properties = node.child("s:rPr")
        look = self._markup.raw(properties) if properties else ""
        if text is None:
            return
        if not self._is_rich:
            yield Run(text_of(text), look)
            return
        for number, line in enumerate(text_of(text).split("\n")):
            if number:
                yield Break(self._write("\n", look))
            if line:
                yield Run(line, look)

    def _write(self, text: str, look: Hashable) -> str:
        name = self._prefix
        content = f'<{name}t xml:space="preserve">{written(text[:_LONGEST])}</{name}t>'
        return f"<{name}r>{look or ''}{content}</{name}r>" if self._is_rich else content
