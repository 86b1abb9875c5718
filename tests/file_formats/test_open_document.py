"""OpenDocument and EPUB, written as LibreOffice and the standards write them."""

import io
import zipfile
from xml.etree import ElementTree

import pytest

from tests.file_formats.shouting import same, shouted, texts

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content '
    + " ".join(
        f'xmlns:{name}="{OASIS}:{name}:1.0"'
        for name in ("office", "text", "table", "style", "draw")
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:officeooo="http://openoffice.org/2009/office">'
)
STYLES = (
    "<office:automatic-styles>"
    '<style:style style:name="T1" style:family="text">'
    '<style:text-properties officeooo:rsid="0012"/></style:style>'
    '<style:style style:name="T2" style:family="text">'
    '<style:text-properties style:font-weight="bold"/></style:style>'
    "</office:automatic-styles>"
)
TEXT = (
    '<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>'
    "<text:h>A heading</text:h>"
    '<text:p>This <text:span text:style-name="T1">is</text:span> '
    '<text:span text:style-name="T2">important</text:span> text'
    "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
    "<text:p>A footnote</text:p></text:note-body></text:note>, "
    'see <text:a xlink:href="http://x/">the page</text:a> of '
    "<text:page-number>3</text:page-number> pages.</text:p>"
    "<text:p>one<text:tab/>two<text:line-break/>three</text:p>"
    "<text:p><draw:frame><draw:text-box><text:p>in a box</text:p></draw:text-box></draw:frame>"
    "</text:p>"
)  # fmt: skip
CELLS = (
    "<table:table><table:table-row>"
    '<table:table-cell office:value-type="string"><text:p>a word</text:p></table:table-cell>'
    '<table:table-cell office:value-type="float"><text:p>five</text:p></table:table-cell>'
    '<table:table-cell table:formula="of:=A1" office:value-type="string"><text:p>a word</text:p>'
    "</table:table-cell></table:table-row></table:table>"
)


def zipped(**entries):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        for name, content in entries.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            target.writestr(name, content, method)
    return file.getvalue()


def document(body):
    content = f"{HEAD}{STYLES}<office:body>{body}</office:body></office:document-content>"
    return zipped(mimetype="application/x", **{"content.xml": content, "Pictures/a.png": "x"})


def content_of(package, name="content.xml"):
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        return file.read(name).decode()


def test_a_sentence_is_whole_and_its_note_goes_with_its_word():
    assert texts(document(TEXT), ".odt") == [
        "A heading",
        "This is <g0>important</g0> <g2>text</g2>, see <g4>the page</g4> of <x6/> pages.",
        "A footnote",
        "one",
        "two",
        "three",
        "in a box",
    ]


def test_text_is_translated_with_its_notes_and_boxes():
    content = content_of(shouted(document(TEXT), ".odt"))
    for part in (
        "<text:p>gone</text:p>",
        "<text:h>A HEADING</text:h>",
        '<text:p>THIS IS <text:span text:style-name="T2">IMPORTANT</text:span> TEXT<text:note>',
        "<text:p>A FOOTNOTE</text:p></text:note-body></text:note>, SEE ",
        '<text:a xlink:href="http://x/">THE PAGE</text:a> OF <text:page-number>3<',
        "<text:p>ONE<text:tab/>TWO<text:line-break/>THREE</text:p>",
        "<text:p>IN A BOX</text:p>",
    ):
        assert part in content


def test_cells_with_numbers_and_formulas_stay():
    content = content_of(shouted(document(CELLS), ".ods"))
    assert content == content_of(document(CELLS)).replace("a word", "A WORD", 1)


SPANS = (
    '<text:p><text:span text:style-name="T2">All</text:span></text:p>'
    '<text:p><text:span text:style-name="T2">first</text:span> word, '
    '<text:span text:style-name="T2">last <text:span text:style-name="T3">one</text:span>'
    "</text:span></text:p>"
)


def test_spans_at_the_ends_of_a_paragraph_stay_whole():
    content = content_of(shouted(document(SPANS), ".odt"))
    ElementTree.fromstring(content)
    bold = '<text:span text:style-name="T2">{}</text:span>'
    assert f"<text:p>{bold.format('ALL')}</text:p><text:p>{bold.format('FIRST')} WORD, " in content
    ends = '<text:span text:style-name="T3">ONE</text:span></text:span></text:p></office:body>'
    assert content.removesuffix("</office:document-content>").endswith(ends)


def test_a_deletion_stays_behind_its_word():
    body = '<text:p>one two<text:change text:change-id="c"/>, three</text:p>'
    assert "ONE TWO<text:change" in content_of(shouted(document(body), ".odt"))


def test_a_cells_string_in_an_attribute_is_translated_too():
    said = """<table:table-cell office:string-value = 'a "b" &amp; c' office:value-type="string">"""
    cells = CELLS.replace("<table:table-row>", f"<table:table-row>{said}</table:table-cell>")
    content = content_of(shouted(document(cells), ".ods"))
    assert 'office:string-value = "A &quot;B&quot; &amp; C" office:value-type' in content
    ElementTree.fromstring(content)


@pytest.mark.parametrize(("body", "suffix"), [(TEXT, ".odt"), (CELLS, ".ods"), (TEXT, ".odp")])
def test_nothing_changes_where_the_translation_is_the_source(body, suffix):
    package = document(body)
    again = same(package, suffix)
    assert content_of(again) == content_of(package)
    with zipfile.ZipFile(io.BytesIO(again)) as file:
        infos = [(info.filename, info.compress_type) for info in file.infolist()]
    assert infos == [("mimetype", 0), ("content.xml", 8), ("Pictures/a.png", 8)]


def book():
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata>a title</metadata><manifest>'
        '<item id="a" href="one%20two.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        '<item id="c" href="a.css" media-type="text/css"/></manifest></package>'
    )
    chapter = (
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>é t</title>'
        "<script/></head><body><p>é <b>bold</b> word</p></body></html>"
    )
    contents = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><text>One &amp; all</text>'
        "</navMap></ncx>"
    )
    return zipped(
        mimetype="application/epub+zip",
        **{
            "META-INF/container.xml": container,
            "OPS/book.opf": package,
            "OPS/one two.xhtml": chapter,
            "OPS/toc.ncx": contents,
            "OPS/a.css": "p { color: red }",
        },
    )


def test_chapters_and_contents_of_a_book_are_translated():
    package = shouted(book(), ".epub")
    chapter = content_of(package, "OPS/one two.xhtml")
    assert "<title>É T</title>" in chapter
    assert "<p>É <b>BOLD</b> WORD</p>" in chapter
    assert "<text>ONE &amp; ALL</text>" in content_of(package, "OPS/toc.ncx")
    for name in ("OPS/book.opf", "OPS/a.css", "mimetype"):
        assert content_of(package, name) == content_of(book(), name)
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        first = file.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
