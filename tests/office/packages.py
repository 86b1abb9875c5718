"""What the standards want of a document's zip file, stricter than any program that opens it."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from posixpath import dirname, join, normpath
from urllib.parse import unquote
from xml.etree import ElementTree

_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_BOOK = "{http://www.idpf.org/2007/opf}"
_XML = (".xml", ".rels", ".rdf", ".opf", ".ncx", ".xhtml")


def check_package(content: bytes) -> None:
    with zipfile.ZipFile(BytesIO(content)) as file:
        assert file.testzip() is None
        names = file.namelist()
        assert len(set(names)) == len(names)
        for name in names:
            if name.endswith(_XML) and file.read(name):
                ElementTree.fromstring(file.read(name))
        _rules(names)(file, content)


def _rules(names: list[str]) -> Callable[[zipfile.ZipFile, bytes], None]:
    if "[Content_Types].xml" in names:
        return _check_open_packaging
    return _check_book if "META-INF/container.xml" in names else _check_open_document


def _check_open_packaging(file: zipfile.ZipFile, _: bytes) -> None:
    """ECMA-376, part 2: each part has a media type, and what a part refers to is there."""
    names = set(file.namelist())
    types = ElementTree.fromstring(file.read("[Content_Types].xml"))
    told = {each.attrib["PartName"].lstrip("/") for each in types.iter(f"{_TYPES}Override")}
    endings = {each.attrib["Extension"].lower() for each in types.iter(f"{_TYPES}Default")}
    assert told <= names
    for name in names - told - {"[Content_Types].xml"}:
        assert name.rpartition(".")[2].lower() in endings, name
    for name in filter(lambda name: name.endswith(".rels"), names):
        folder = dirname(dirname(name))
        for link in ElementTree.fromstring(file.read(name)).iter(f"{_LINKS}Relationship"):
            if link.get("TargetMode") != "External":
                assert _resolved(folder, link.attrib["Target"]) in names, (name, link.attrib)


def _resolved(folder: str, target: str) -> str:
    return normpath(target if target.startswith("/") else join("/", folder, target)).lstrip("/")


def _check_mimetype(file: zipfile.ZipFile, content: bytes) -> None:
    """First, stored, and without an extra field, so that it stands at a fixed place."""
    first = file.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert content[30:38] == b"mimetype"
    assert content[38:].startswith(file.read("mimetype"))


def _check_open_document(file: zipfile.ZipFile, content: bytes) -> None:
    """ODF 1.3, part 2: the manifest lists the files, and no others."""
    _check_mimetype(file, content)
    manifest = ElementTree.fromstring(file.read("META-INF/manifest.xml"))
    listed = [each.attrib[f"{_MANIFEST}full-path"] for each in manifest]
    files = {name for name in file.namelist() if not name.endswith("/")}
    assert {name for name in listed if not name.endswith("/")} <= files
    assert files - {"mimetype", "META-INF/manifest.xml"} <= set(listed)


def _check_book(file: zipfile.ZipFile, content: bytes) -> None:
    """EPUB 3.3, OCF: the package that the container names, and all that it lists, is there."""
    _check_mimetype(file, content)
    names = set(file.namelist())
    container = ElementTree.fromstring(file.read("META-INF/container.xml"))
    for root in container.iter(f"{_CONTAINER}rootfile"):
        path = root.attrib["full-path"]
        assert path in names
        for item in ElementTree.fromstring(file.read(path)).iter(f"{_BOOK}item"):
            assert join(dirname(path), unquote(item.attrib["href"])) in names, item.attrib
