"""Office documents and books: which parts of their zip file are read, and how."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from file_formats.book import Reader
from file_formats.drawing import drawing_patches
from file_formats.errors import FormatError
from file_formats.open_document_text import open_document_patches
from file_formats.package import Package, matching
from file_formats.pieces import Patch, Piece, patch_bytes
from file_formats.sheet import column_names, sheet_patches
from file_formats.word import word_patches
from file_formats.xml_tokens import to_utf8, with_utf8_declared

MAX_READ = 60_000_000  # bytes of all parts with text
Parts = Callable[[Package], Mapping[str, Reader]]


@dataclass(frozen=True)
class Part:
    data: bytes
    patches: Sequence[Patch]
    is_recoded: bool = False
    """Whether it was in another encoding than UTF-8."""

    def written(self, translations: Sequence[str]) -> bytes:
        new = patch_bytes(self.data, self.patches, iter(translations))
        return with_utf8_declared(new) if self.is_recoded else new


@dataclass(frozen=True)
class PackageDocument:
    package: Package
    parts: Mapping[str, Part]
    pieces: Sequence[Piece] = field(init=False)

    def __post_init__(self) -> None:
        found = [
            piece
            for part in self.parts.values()
            for patch in part.patches
            for piece in patch.pieces
        ]
        object.__setattr__(self, "pieces", found)

    def write(self, translations: Sequence[str]) -> bytes:
        made = {}
        at = 0
        for name, part in self.parts.items():
            count = sum(len(patch.pieces) for patch in part.patches)
            if count:
                made[name] = partial(part.written, translations[at : at + count])
            at += count
        return self.package.rewritten(made)


def read_package(parts_of: Parts, content: bytes) -> PackageDocument:
    package = Package.open(content)
    size = 0
    parts = {}
    for name, reader in parts_of(package).items():
        data, is_recoded = to_utf8(package.read(name))
        size += len(data)
        if size > MAX_READ:
            raise FormatError(f"The file has more than {MAX_READ} bytes of text.")
        parts[name] = Part(data, list(reader(data)), is_recoded)
    return PackageDocument(package, parts)


def word_parts(package: Package) -> Mapping[str, Reader]:
    kinds = ("document*", "header*", "footer*", "footnotes", "endnotes", "comments")
    found = list(matching(package.names, *(f"word/{kind}.xml" for kind in kinds)))
    _check_kind(found, "word/document", "Word")
    return dict.fromkeys(found, word_patches) | _graphics(package, "word")


def slide_parts(package: Package) -> Mapping[str, Reader]:
    kinds = ("slides/slide*", "notesSlides/notesSlide*", "comments/*")
    found = list(matching(package.names, *(f"ppt/{kind}.xml" for kind in kinds)))
    _check_kind(package.names, "ppt/presentation.xml", "PowerPoint")
    return dict.fromkeys(found, drawing_patches) | _graphics(package, "ppt")


def sheet_parts(package: Package) -> Mapping[str, Reader]:
    _check_kind(package.names, "xl/workbook", "Excel")
    kept = set[str]()
    for name in matching(package.names, "xl/tables/*.xml"):
        kept |= column_names(package.read(name))
    found = list(matching(package.names, "xl/sharedStrings.xml", "xl/comments*.xml"))
    found += _with_strings(package, matching(package.names, "xl/worksheets/*.xml"))
    reader = partial(sheet_patches, kept=frozenset(kept))
    drawings = dict.fromkeys(matching(package.names, "xl/drawings/drawing*.xml"), drawing_patches)
    return dict.fromkeys(found, reader) | drawings | _graphics(package, "xl")


def _with_strings(package: Package, names: Iterator[str]) -> list[str]:
    return [name for name in names if package.holds(name, b"inlineStr")]


def open_document_parts(package: Package) -> Mapping[str, Reader]:
    _check_kind(package.names, "content.xml", "OpenDocument")
    found = matching(package.names, "content.xml", "styles.xml", "Object */content.xml")
    return dict.fromkeys(found, open_document_patches)


def _graphics(package: Package, folder: str) -> dict[str, Reader]:
    kinds = ("charts/chart*", "diagrams/data*", "diagrams/drawing*")
    names = matching(package.names, *(f"{folder}/{kind}.xml" for kind in kinds))
    return dict.fromkeys(names, drawing_patches)


def _check_kind(names: Collection[str], start: str, kind: str) -> None:
    if not any(name.startswith(start) for name in names):
        raise FormatError(f"The file is no {kind} document: it has no {start}.")
