"""Documents as python-docx, openpyxl and python-pptx make them come back whole, and open again."""

import io
import zipfile

import docx
import openpyxl
import pptx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from file_formats.document import read_document
from file_formats.errors import FormatError
from tests.file_formats.shouting import same, shouted, texts


def saved(document):
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return [
            (info.filename, info.date_time, info.compress_type, file.read(info))
            for info in file.infolist()
        ]


def run(xml):
    return parse_xml(xml.replace("<w:r>", f"<w:r {nsdecls('w')}>", 1))


@pytest.fixture(scope="module")
def letter():
    document = docx.Document()
    document.core_properties.title = "kept"
    document.add_heading("A heading")
    paragraph = document.add_paragraph("This is ")
    paragraph.add_run("very ")
    paragraph.add_run("important").bold = True
    paragraph.add_run(" text & more.")
    paragraph.add_run().add_tab()
    paragraph.add_run("After the tab")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
    document.sections[0].header.paragraphs[0].text = "The header"
    document.sections[0].footer.paragraphs[0].text = "The footer"
    document.add_comment(paragraph.runs[2], "A comment", "Ann", "A")
    field = document.add_paragraph("Page ")
    for code in (
        '<w:fldChar w:fldCharType="begin"/>',
        "<w:instrText>PAGE of words</w:instrText>",
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>one</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        field._p.append(run(f"<w:r>{code}</w:r>"))
    field.add_run(" of the letter")
    deleted = document.add_paragraph("Kept ")
    deleted._p.append(
        parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>gone</w:delText></w:r></w:del>")
    )
    deleted.add_run("words")
    return saved(document)


def test_a_letter_of_word_is_translated_in_all_its_parts(letter):
    document = docx.Document(io.BytesIO(shouted(letter, ".docx")))
    body = [paragraph.text for paragraph in document.paragraphs]
    assert body == [
        "A HEADING",
        "THIS IS VERY IMPORTANT TEXT & MORE.\tAFTER THE TAB",
        "PAGE one OF THE LETTER",
        "KEPT WORDS",
    ]
    assert [cell.text for cell in document.tables[0].row_cells(0)] == ["LEFT", "RIGHT"]
    assert document.sections[0].header.paragraphs[0].text == "THE HEADER"
    assert document.sections[0].footer.paragraphs[0].text == "THE FOOTER"
    assert [comment.text for comment in document.comments] == ["A COMMENT"]
    assert document.core_properties.title == "kept"
    bold = [run.text for run in document.paragraphs[1].runs if run.bold]
    assert bold == ["IMPORTANT"]
    xml = document.element.xml
    assert "PAGE of words" in xml
    assert "<w:delText>gone</w:delText>" in xml


def test_a_sentence_over_runs_is_one_piece_with_tags_for_its_formats_only(letter):
    assert "This is very <g0>important</g0> text &amp; more." in texts(letter, ".docx")
    assert "Page <x0/> of the letter" in texts(letter, ".docx")


@pytest.fixture(scope="module")
def slides():
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "A title"
    frame = slide.placeholders[1].text_frame
    paragraph = frame.paragraphs[0]
    paragraph.add_run().text = "Some "
    paragraph.add_run().text = "bold"
    paragraph.runs[1].font.bold = True
    paragraph.add_run().text = " words"
    paragraph.add_line_break()
    paragraph.add_run().text = "next line"
    cell = slide.shapes.add_table(1, 1, Inches(1), Inches(1), Inches(2), Inches(1)).table.cell(0, 0)
    cell.text = "in a cell"
    slide.notes_slide.notes_text_frame.text = "The notes"
    data = CategoryChartData()
    data.categories = ["east"]
    data.add_series("sales", (1,))
    kind = XL_CHART_TYPE.PIE
    chart = slide.shapes.add_chart(kind, Inches(1), Inches(1), Inches(2), Inches(2), data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "The chart"
    return saved(deck)


def test_slides_are_translated_with_tables_notes_and_charts(slides):
    slide = pptx.Presentation(io.BytesIO(shouted(slides, ".pptx"))).slides[0]
    shapes = list(slide.shapes)
    assert slide.shapes.title.text == "A TITLE"
    paragraph = shapes[1].text_frame.paragraphs[0]
    assert paragraph.text == "SOME BOLD WORDS\vNEXT LINE"
    assert [run.text for run in paragraph.runs if run.font.bold] == ["BOLD"]
    assert shapes[2].table.cell(0, 0).text == "IN A CELL"
    assert shapes[3].chart.chart_title.text_frame.text == "THE CHART"
    assert slide.notes_slide.notes_text_frame.text == "THE NOTES"


@pytest.fixture(scope="module")
def workbook():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sheet of words"
    sheet.append(["Name", "Text"])
    sheet.append(["a word", 42])
    sheet["A3"] = '=IF(A2="a word","yes","no")'
    bold = InlineFont(b=True)
    sheet["A4"] = CellRichText("some ", TextBlock(bold, "rich"), " text")
    sheet["A5"] = "two\nlines & more"
    sheet["A2"].comment = Comment("A comment", "Ann")
    sheet.add_table(Table(displayName="T", ref="A1:B2"))
    return saved(book)


def test_strings_of_a_workbook_are_translated_but_no_formula_name_or_number(workbook):
    content = shouted(workbook, ".xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
    sheet = book["Sheet of words"]
    rows = [[cell.value for cell in row] for row in sheet["A1:B3"]]
    formula = '=IF(A2="a word","yes","no")'
    assert rows == [["Name", "Text"], ["A WORD", 42], [formula, None]]
    assert str(sheet["A4"].value) == "SOME RICH TEXT"
    assert [str(part) for part in sheet["A4"].value if isinstance(part, TextBlock)][-1] == "RICH"
    assert sheet["A5"].value == "TWO\nLINES & MORE"
    assert "A COMMENT" in sheet["A2"].comment.text


@pytest.mark.parametrize(
    ("name", "suffix"), [("letter", ".docx"), ("slides", ".pptx"), ("workbook", ".xlsx")]
)
def test_nothing_changes_where_the_translation_is_the_source(request, name, suffix):
    content = request.getfixturevalue(name)
    assert parts(same(content, suffix)) == parts(content)


@pytest.mark.parametrize(
    ("name", "suffix"), [("letter", ".docx"), ("slides", ".pptx"), ("workbook", ".xlsx")]
)
def test_the_same_entries_come_back_in_the_same_order(request, name, suffix):
    content = request.getfixturevalue(name)
    new, old = parts(shouted(content, suffix)), parts(content)
    assert [part[:3] for part in new] == [part[:3] for part in old]
    assert sum(one != other for one, other in zip(new, old, strict=True)) <= 7


def test_a_translation_that_lost_a_tag_is_not_written(letter):
    document = read_document(letter, ".docx", "de")
    written = document.write([piece.text.replace("<g0>", "") for piece in document.pieces])
    assert (
        docx.Document(io.BytesIO(written)).paragraphs[1].text.startswith("This is very important")
    )


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as target:
        for name, content in entries:
            target.writestr(name, content)
    return file.getvalue()


def encrypted():
    content = bytearray(zipped([("word/document.xml", b"<a/>")]))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


REFUSED = {
    "no zip file": (b"Hello", "not a zip file"),
    "old Office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "protected by a password"),
    "encrypted": (encrypted(), "protected by a password"),
    "another kind": (zipped([("a.xml", b"<a/>")]), "no Word document"),
    "many entries": (zipped([(f"a{i}", b"") for i in range(2001)]), "2001 parts; 2000 are the"),
    "a bomb": (zipped([("word/document.xml", b"\0" * 30_000_000)]), "unpacks to 30000000 bytes"),
    "a path up": (zipped([("../a", b"")]), "which leads out of it"),
    "an absolute path": (zipped([("/etc/passwd", b"")]), "which leads out of it"),
    "a drive": (zipped([("C:\\a", b"")]), "which leads out of it"),
    "an entity bomb": (
        zipped([("word/document.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>')]),
        "declares an entity",
    ),
    "broken XML": (zipped([("word/document.xml", b"<a>")]), "not well-formed"),
    "a bad sum": (
        zipped([("word/document.xml", b"<a/>hello")], 0).replace(b"hello", b"hallo"),
        "damaged",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_made_to_do_harm_is_refused_in_a_sentence(case):
    content, sentence = REFUSED[case]
    with pytest.raises(FormatError, match=sentence):
        shouted(content, ".docx")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused():
    with pytest.raises(FormatError, match="two parts of one name"):
        shouted(zipped([("a", b"1"), ("a", b"2")]), ".docx")
