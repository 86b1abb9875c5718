"""Paragraphs of office documents to patches: what all kinds of them have in common."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from html import escape

from file_formats.paragraph import Item, Paragraph, Write
from file_formats.pieces import Patch, patch_bytes
from file_formats.xml_tree import Node

_NESTED = re.compile(r"\0(\d+)\0")  # XML has no such character


class Markup:
    """An XML part's bytes, as text."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def raw(self, node: Node) -> str:
        return self.slice(node.start, node.end)

    def opening(self, node: Node) -> str:
        return self.slice(node.start, node.inner[0])

    def closing(self, node: Node) -> str:
        return self.slice(node.inner[1], node.end)

    def slice(self, start: int, end: int) -> str:
        return self.data[start:end].decode()

    def name(self, node: Node) -> str:
        """As it is written, with the document's own prefix."""
        return self.opening(node)[1:].split(None, 1)[0].rstrip("/>")

    def prefix(self, node: Node) -> str:
        """The document's own prefix of a node's name, with its colon; empty for none."""
        name = self.name(node)
        return name[: name.rfind(":") + 1]


class Stretch:
    """Neighbouring items of a paragraph that become one patch."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._data = b""
        self._items: list[Item] = []
        self._nested: list[tuple[int, int, Sequence[Patch]]] = []
        self._start = self._end = -1

    def add(self, item: Item, node: Node) -> None:
        self.cover(node)
        self._items.append(item)

    def cover(self, node: Node) -> None:
        """Let the patch replace the node whole, whose content is added by itself."""
        if self._start < 0:
            self._start = node.start
        self._end = max(self._end, node.end)

    def nested(self, markup: Markup, node: Node, patches: Sequence[Patch]) -> str:
        """What to write for a node in a sentence that holds paragraphs of its own, a footnote."""
        self._nested.append((node.start, node.end, patches))
        self._data = markup.data
        return f"\0{len(self._nested) - 1}\0"

    def since(self, index: int) -> list[Item]:
        """Takes the items from there on out."""
        taken, self._items[index:] = self._items[index:], []
        return taken

    def __len__(self) -> int:
        return len(self._items)

    def flush(self) -> Iterator[Patch]:
        items, start, end, nested = self._items, self._start, self._end, self._nested
        self._items, self._start, self._end, self._nested = [], -1, -1, []
        if items:
            paragraph = Paragraph(items, self._write)
            inner = [piece for *_, own in nested for patch in own for piece in patch.pieces]
            if pieces := (*paragraph.pieces, *inner):
                yield Patch(start, end, pieces, partial(self._render, paragraph, nested))

    def _render(
        self,
        paragraph: Paragraph,
        nested: Sequence[tuple[int, int, Sequence[Patch]]],
        translations: Sequence[str],
    ) -> str:
        own = len(paragraph.pieces)
        text = paragraph.render(translations[:own])
        new = iter(translations[own:])
        raws = [
            patch_bytes(self._data[start:end], [_moved(patch, -start) for patch in patches], new)
            for start, end, patches in nested
        ]
        return _NESTED.sub(lambda match: raws[int(match[1])].decode(), text)


def _moved(patch: Patch, by: int) -> Patch:
    return replace(patch, start=patch.start + by, end=patch.end + by)


def text_of(node: Node) -> str:
    """All characters in it."""
    return "".join(child.text or text_of(child) for child in node.children)


def written(text: str) -> str:
    """XML 1.0 has no other control characters."""
    return escape("".join(c for c in text if c >= " " or c in "\t\n\r"), quote=False)
