"""XLIFF 1.2 and 2: sources without a translation get a target; inline codes stay."""

from collections.abc import Iterator, Sequence
from functools import partial

from file_formats.errors import FormatError
from file_formats.paragraph import Close, Item, Open, Paragraph, Run, Thing
from file_formats.pieces import Patch
from file_formats.run_markup import Markup, written
from file_formats.xml_tokens import read_xml
from file_formats.xml_tree import Node, find_elements

PREFIXES = {
    "urn:oasis:names:tc:xliff:document:1.2": "",
    **{f"urn:oasis:names:tc:xliff:document:2.{minor}": "" for minor in range(3)},
}
_UNITS = {"trans-unit", "segment"}
_PAIRS = {"g", "mrk", "pc"}


def xliff_patches(data: bytes, target: str) -> Iterator[Patch]:
    """``target`` is the code of the language that the targets are in."""
    markup = Markup(data)
    yield from _root(data, target)
    for unit in find_elements(data, _UNITS, PREFIXES, {"alt-trans"}):
        if unit.attributes.get("translate") != "no":
            yield from _unit(markup, unit)


def _root(data: bytes, target: str) -> Iterator[Patch]:
    """Version 2 wants the language of the targets, once there are some."""
    root = next((token for token in read_xml(data, PREFIXES) if token.kind == "start"), None)
    if root is None or root.name != "xliff":
        raise FormatError("The file is no XLIFF document of version 1.2 or 2.")
    if root.attributes.get("version", "").startswith("2") and "trgLang" not in root.attributes:
        yield Patch(root.end - 1, root.end - 1, (), lambda _: f' trgLang="{target}"', True)


def _unit(markup: Markup, unit: Node) -> Iterator[Patch]:
    source, target = unit.child("source"), unit.child("target")
    if source is None or (target is not None and target.children):
        return
    paragraph = Paragraph(list(_items(markup, source.children)), lambda text, _: written(text))
    place = (source.end, source.end) if target is None else (target.start, target.end)
    name = markup.name(source).replace("source", "target")
    opening = "" if target is None else markup.opening(target).rstrip("/>")
    if pieces := paragraph.pieces:
        yield Patch(*place, pieces, partial(_target, paragraph, name, opening), True)


def _target(paragraph: Paragraph, name: str, opening: str, new: Sequence[str]) -> str:
    return f"{opening or f'<{name}'}>{paragraph.render(new)}</{name}>"


def _items(markup: Markup, nodes: Sequence[Node]) -> Iterator[Item]:
    """What an inline element holds is native code, unless it encloses text."""
    for node in nodes:
        if not node.name:
            yield Run(node.text)
        elif node.name in _PAIRS and node.inner[0] < node.end and node.children:
            yield Open(markup.opening(node))
            yield from _items(markup, node.children)
            yield Close(markup.closing(node))
        elif node.name != "#":
            yield Thing(markup.raw(node))
