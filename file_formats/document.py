"""A file by its name: read to pieces, written with their translations."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from file_formats.book import book_parts
from file_formats.encoding import Encode, decode_hypertext, decode_text
from file_formats.gettext_catalog import catalog_patches
from file_formats.hypertext import html_patches
from file_formats.json_text import json_patches
from file_formats.markdown import markdown_patches
from file_formats.office import (
    Part,
    Parts,
    open_document_parts,
    read_package,
    sheet_parts,
    slide_parts,
    word_parts,
)
from file_formats.pieces import Patch, Piece, patch_text
from file_formats.plain_text import text_patches
from file_formats.subtitles import subrip_patches, webvtt_patches
from file_formats.tables import comma_patches, tab_patches
from file_formats.xliff import xliff_patches
from file_formats.xml_text import xml_patches
from file_formats.xml_tokens import to_utf8
from file_formats.yaml_text import yaml_patches


class Document(Protocol):
    """A file that was read."""

    @property
    def pieces(self) -> Sequence[Piece]:
        """What of it is to be translated, in its order."""

    def write(self, translations: Sequence[str]) -> bytes:
        """The file with a translation for each piece; where they are the same, as it was."""


@dataclass(frozen=True)
class TextDocument:
    text: str
    encode: Encode
    patches: Sequence[Patch]
    pieces: Sequence[Piece] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pieces", [p for patch in self.patches for p in patch.pieces])

    def write(self, translations: Sequence[str]) -> bytes:
        return self.encode(patch_text(self.text, self.patches, iter(translations)))


@dataclass(frozen=True)
class XmlDocument:
    part: Part
    pieces: Sequence[Piece] = field(init=False)

    def __post_init__(self) -> None:
        found = [piece for patch in self.part.patches for piece in patch.pieces]
        object.__setattr__(self, "pieces", found)

    def write(self, translations: Sequence[str]) -> bytes:
        return self.part.written(translations)


Read = Callable[[bytes, str], Document]


def _text(patches: Callable[[str], Iterator[Patch]]) -> Read:
    def read(content: bytes, _: str) -> Document:
        text, encode = decode_text(content)
        return TextDocument(text, encode, list(patches(text)))

    return read


def _hypertext(content: bytes, _: str) -> Document:
    text, encode = decode_hypertext(content)
    return TextDocument(text, encode, list(html_patches(text)))


def _xml(patches: Callable[[bytes, str], Iterator[Patch]]) -> Read:
    def read(content: bytes, target: str) -> Document:
        data, is_recoded = to_utf8(content)
        return XmlDocument(Part(data, list(patches(data, target)), is_recoded))

    return read


def _package(parts: Parts) -> Read:
    return lambda content, _: read_package(parts, content)


_READERS: dict[str, Read] = {
    ".txt": _text(text_patches),
    ".md": _text(markdown_patches),
    ".html": _hypertext,
    ".xml": _xml(lambda data, _: xml_patches(data)),
    ".srt": _text(subrip_patches),
    ".vtt": _text(webvtt_patches),
    ".csv": _text(comma_patches),
    ".tsv": _text(tab_patches),
    ".json": _text(json_patches),
    ".yaml": _text(yaml_patches),
    ".po": _text(catalog_patches),
    ".xliff": _xml(xliff_patches),
    ".docx": _package(word_parts),
    ".pptx": _package(slide_parts),
    ".xlsx": _package(sheet_parts),
    ".odt": _package(open_document_parts),
    ".ods": _package(open_document_parts),
    ".odp": _package(open_document_parts),
    ".epub": _package(book_parts),
}


def read_document(content: bytes, suffix: str, target: str) -> Document:
    """``suffix`` is one of `MEDIA_TYPES`, ``target`` a language's code. Raises `FormatError`."""
    return _READERS[suffix](content, target)
