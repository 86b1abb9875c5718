"""EPUB (OCF and Packages 3.3): the chapters that the package names, and the table of contents."""

from collections.abc import Callable, Iterator, Mapping
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from file_formats.errors import FormatError
from file_formats.hypertext import html_patches
from file_formats.package import Package
from file_formats.pieces import Patch, Piece, has_letters, one_piece
from file_formats.run_markup import text_of, written
from file_formats.xml_tree import find_elements

Reader = Callable[[bytes], Iterator[Patch]]
_CONTAINER = "META-INF/container.xml"
_NAMES = {
    "urn:oasis:names:tc:opendocument:xmlns:container": "c",
    "http://www.idpf.org/2007/opf": "opf",
    "http://www.daisy.org/z3986/2005/ncx/": "ncx",
}
_CHAPTER, _CONTENTS = "application/xhtml+xml", "application/x-dtbncx+xml"


def book_parts(package: Package) -> Mapping[str, Reader]:
    if _CONTAINER not in package.names:
        raise FormatError(f"The file is no EPUB: it has no {_CONTAINER}.")
    roots = find_elements(package.read(_CONTAINER), {"c:rootfile"}, _NAMES)
    found: dict[str, Reader] = {}
    for root in list(roots):
        path = root.attributes.get("full-path", "")
        if path in package.names:
            found |= _of_package(package, path)
    return {name: found[name] for name in package.names if name in found}


def _of_package(package: Package, path: str) -> Iterator[tuple[str, Reader]]:
    readers = {_CHAPTER: _chapter, _CONTENTS: _contents}
    for item in find_elements(package.read(path), {"opf:item"}, _NAMES):
        name = normpath(join(dirname(path), unquote(item.attributes.get("href", ""))))
        reader = readers.get(item.attributes.get("media-type", ""))
        if reader and name in package.names:
            yield name, reader


def _chapter(data: bytes) -> Iterator[Patch]:
    """The places of HTML's pieces are characters; here they are bytes."""
    text = data.decode()
    at = place = 0
    for patch in html_patches(text):
        start = place + len(text[at : patch.start].encode())
        end = start + len(text[patch.start : patch.end].encode())
        at, place = patch.end, end
        yield Patch(start, end, patch.pieces, patch.render)


def _contents(data: bytes) -> Iterator[Patch]:
    for node in find_elements(data, {"ncx:text"}, _NAMES):
        text = text_of(node)
        if has_letters(text):
            yield one_piece(*node.inner, Piece(text), written)
