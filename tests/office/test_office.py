"""Translated documents in LibreOffice: they open, have the same pages, and all their words."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
import requests

from tests.office.accents import ACCENTS
from tests.office.conftest import BOOK, NAMES, OPENED, by_libretranslate
from tests.office.libreoffice import CannotOpenError, pages_of, text_of
from tests.office.packages import check_package

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]
FLAT = {"odt": "fodt", "docx": "fodt", "ods": "fods", "xlsx": "fods", "odp": "fodp", "pptx": "fodp"}
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_NOT_SAID = {f"{_OFFICE}{name}" for name in ("binary-data", "meta", "styles", "automatic-styles")}
_NOT_SAID |= {f"{{http://purl.org/dc/elements/1.1/}}{name}" for name in ("creator", "date")}
KEPT = {"tbl-xlsx": "Page", "powerpoint-pptx": "<number>"}  # LibreOffice's own, of a page's foot


@pytest.fixture(scope="module")
def opened(office, translated, tmp_path_factory):
    """Original and translation of each document, as LibreOffice prints them, and in its own XML."""
    folder = tmp_path_factory.mktemp("opened")
    pairs = {
        name: (translated.originals[name], translated.by_libretranslate[name]) for name in OPENED
    }
    paths = [path for pair in pairs.values() for path in pair]
    office.convert(paths, "pdf", folder)
    for flat in sorted(set(FLAT.values())):
        office.convert([path for path in paths if FLAT[path.suffix[1:]] == flat], flat, folder)
    return {
        name: tuple(folder / path.with_suffix("").name for path in pair)
        for name, pair in pairs.items()
    }


@pytest.mark.parametrize("name", OPENED)
def test_a_translated_document_opens_with_the_same_pages_and_its_words(opened, name):
    before, after = (path.with_suffix(".pdf") for path in opened[name])
    assert pages_of(after) == pages_of(before)
    assert text_of(after) == accented(text_of(before), KEPT.get(name))
    assert text_of(after) != text_of(before)


def accented(text: str, kept: str | None) -> str:
    text = text.translate(ACCENTS)
    return text.replace(kept.translate(ACCENTS), kept) if kept else text


@pytest.mark.parametrize("name", OPENED)
def test_all_that_libreoffice_reads_of_a_document_is_translated(opened, name):
    """Notes and comments among it, which no page shows."""
    flat = f".{FLAT[name.rpartition('-')[2]]}"
    before, after = (words(path.with_suffix(flat)) for path in opened[name])
    assert after == accented(before, KEPT.get(name))


def words(path: Path) -> str:
    """Of the body, of all pages' head and foot, then of the annotations, whose place may change."""
    root = ElementTree.parse(path).getroot()
    parts = [root.find(f"{_OFFICE}body")]
    parts += [] if path.suffix == ".fodp" else [root.find(f"{_OFFICE}master-styles")]
    parts += root.iter(f"{_OFFICE}annotation")
    return "\n".join(" ".join("".join(said(part)).split()) for part in parts)


def said(element: ElementTree.Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in {*_NOT_SAID, f"{_OFFICE}annotation"}:
            yield from said(child)
        yield child.tail or ""


@pytest.mark.parametrize("name", NAMES)
def test_a_translated_package_keeps_the_rules_of_its_kind(translated, name):
    check_package(translated.by_libretranslate[name].read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_both_apis_write_the_same(translated, name):
    assert translated.by_deepl[name] == translated.by_libretranslate[name].read_bytes()


def test_all_words_of_a_book_are_translated(translated):
    before, after = (
        chapters(path) for path in (translated.originals[BOOK], translated.by_libretranslate[BOOK])
    )
    assert "important" in before
    assert after == before.translate(ACCENTS)


def chapters(path: Path) -> str:
    with zipfile.ZipFile(path) as file:
        names = [name for name in file.namelist() if name.endswith((".xhtml", ".ncx"))]
        return "\n".join(
            " ".join("".join(ElementTree.fromstring(file.read(name)).itertext()).split())
            for name in names
        )


def test_the_models_words_stand_on_the_page(server, office, originals, tmp_path):
    path = tmp_path / "de.docx"
    path.write_bytes(by_libretranslate(server, originals["word-docx"]))
    (pdf,) = office.convert([path], "pdf", tmp_path)
    asked = {"q": "On the last page", "source": "en", "target": "de"}
    answer = requests.post(f"{server.url}/translate", json=asked, timeout=20).json()
    assert answer["translatedText"] in text_of(pdf)


@pytest.mark.parametrize("name", ["letter-odt", "letter-docx", "book-xlsx", "deck-pptx"])
def test_libreoffice_does_not_open_what_is_damaged(originals, office, tmp_path, name):
    """So that it opened the others says something."""
    path = tmp_path / originals[name].name
    path.write_bytes(damaged(originals[name].read_bytes()))
    with pytest.raises(CannotOpenError):
        office.convert([path], "pdf", tmp_path)


def damaged(content: bytes) -> bytes:
    """With a tag left open in the main part."""
    mains = {"content.xml", "word/document.xml", "xl/workbook.xml", "ppt/presentation.xml"}
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            target.writestr(info, data[: len(data) // 2] if info.filename in mains else data)
    return out.getvalue()
