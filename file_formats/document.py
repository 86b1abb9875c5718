"""A file by its name: read to pieces, written with their translations."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Protocol

from file_formats.book import book_parts
from file_formats.encoding import Encode, decode_hypertext, decode_text
from file_formats.errors import FormatError
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


@dataclass(frozen=True)
class Format:
    media_type: str
    read: Read


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


_OOXML = "application/vnd.openxmlformats-officedocument"
_OASIS = "application/vnd.oasis.opendocument"
_UTF8 = "; charset=utf-8"
FORMATS = {
    ".txt": Format(f"text/plain{_UTF8}", _text(text_patches)),
    ".md": Format(f"text/markdown{_UTF8}", _text(markdown_patches)),
    ".html": Format(f"text/html{_UTF8}", _hypertext),
    ".xml": Format("application/xml", _xml(lambda data, _: xml_patches(data))),
    ".srt": Format(f"application/x-subrip{_UTF8}", _text(subrip_patches)),
    ".vtt": Format(f"text/vtt{_UTF8}", _text(webvtt_patches)),
    ".csv": Format(f"text/csv{_UTF8}", _text(comma_patches)),
    ".tsv": Format(f"text/tab-separated-values{_UTF8}", _text(tab_patches)),
    ".json": Format("application/json", _text(json_patches)),
    ".yaml": Format("application/yaml", _text(yaml_patches)),
    ".po": Format(f"text/x-gettext-translation{_UTF8}", _text(catalog_patches)),
    ".xliff": Format("application/xliff+xml", _xml(xliff_patches)),
    ".docx": Format(f"{_OOXML}.wordprocessingml.document", _package(word_parts)),
    ".pptx": Format(f"{_OOXML}.presentationml.presentation", _package(slide_parts)),
    ".xlsx": Format(f"{_OOXML}.spreadsheetml.sheet", _package(sheet_parts)),
    ".odt": Format(f"{_OASIS}.text", _package(open_document_parts)),
    ".ods": Format(f"{_OASIS}.spreadsheet", _package(open_document_parts)),
    ".odp": Format(f"{_OASIS}.presentation", _package(open_document_parts)),
    ".epub": Format("application/epub+zip", _package(book_parts)),
}
ALSO = {
    ".htm": ".html",
    ".xhtml": ".html",
    ".markdown": ".md",
    ".yml": ".yaml",
    ".xlf": ".xliff",
    ".pot": ".po",
}
_REASONS = {
    ".pdf": "A PDF holds letters at places, not sentences. Translate the file that it was made of.",
    **dict.fromkeys(
        (".doc", ".xls", ".ppt", ".rtf"),
        "It is of Office before 2007. Save it as .docx, .xlsx or .pptx.",
    ),
}


def suffix_of(name: str) -> str:
    """The format that a file's name tells. Raises `FormatError` for one that is not known."""
    suffix = PurePath(name).suffix.lower()
    suffix = ALSO.get(suffix, suffix)
    if suffix not in FORMATS:
        reason = _REASONS.get(suffix, f"Known are {', '.join(FORMATS)}.")
        shown = suffix.encode("ascii", "replace").decode()[:20] or "without an extension"
        raise FormatError(f"Files {shown} are not translated. {reason}")
    return suffix


def read_document(content: bytes, suffix: str, target: str) -> Document:
    """``suffix`` is one of `FORMATS`, ``target`` a language's code. Raises `FormatError`."""
    return FORMATS[suffix].read(content, target)
