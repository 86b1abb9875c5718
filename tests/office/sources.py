"""Documents as an office has them: in forms that LibreOffice makes others of, and by libraries.

What no translation may change in them has no vowels, so that accents on vowels show all the rest.
"""

from pathlib import Path

import docx
import openpyxl
import pptx
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES = " ".join(
    f'xmlns:{prefix}="{_OASIS}{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
        "svg": "svg-compatible",
        "presentation": "presentation",
        "meta": "meta",
    }.items()
)
_NAMES += (
    ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
)


def _flat(kind: str, content: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_NAMES} office:version="1.3" '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}">{content}</office:document>'
    )


_LOOKS = """
<style:style style:name="bold" style:family="text">
 <style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="slanted" style:family="text">
 <style:text-properties fo:font-style="italic"/></style:style>
<style:style style:name="new" style:family="paragraph" style:parent-style-name="Standard">
 <style:paragraph-properties fo:break-before="page"/></style:style>
"""
_PAGE = """
<style:page-layout style:name="sheet">
 <style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/>
 <style:header-style/><style:footer-style/></style:page-layout>
"""
_HEAD_AND_FOOT = """
<office:master-styles>
 <style:master-page style:name="Standard" style:page-layout-name="sheet">
  <style:header><text:p>Minutes of the meeting</text:p></style:header>
  <style:footer><text:p>Page <text:page-number>1</text:page-number></text:p></style:footer>
 </style:master-page>
</office:master-styles>
"""
_PROSE = " ".join(
    f"Line {number} of the long report tells what happened on that day in the old harbour."
    for number in range(60)
)
LETTER = _flat(
    "text",
    f"""
<office:automatic-styles>{_LOOKS}{_PAGE}</office:automatic-styles>
{_HEAD_AND_FOOT}
<office:body><office:text>
<text:tracked-changes><text:changed-region text:id="ct1"><text:deletion>
 <office:change-info><dc:creator>N. N.</dc:creator><dc:date>2026-01-01T00:00:00</dc:date>
 </office:change-info><text:p>xyz</text:p></text:deletion></text:changed-region>
</text:tracked-changes>
<text:h text:outline-level="1">The first chapter</text:h>
<text:p>This is <text:span text:style-name="bold">very important</text:span> for all of us, and
 <text:span text:style-name="slanted">nobody</text:span> should miss it<text:note text:id="n1"
 text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>
 <text:p>See the other page.</text:p></text:note-body></text:note>. Read
 <text:a xlink:type="simple" xlink:href="http://localhost/">the whole story</text:a> at
 home.</text:p>
<text:p>Before the mark <text:bookmark-start text:name="m"/>inside it
 <text:bookmark-end text:name="m"/>and after, with   three<text:s text:c="3"/>blanks.</text:p>
<text:p>Left<text:tab/>right<text:line-break/>next line<text:change text:change-id="ct1"/>
 ends.</text:p>
<text:p>A remark<office:annotation><dc:creator>N. N.</dc:creator>
 <dc:date>2026-01-01T00:00:00</dc:date><text:p>Is this true?</text:p></office:annotation> stands
 here &amp; there, 1 &lt; 2.</text:p>
<text:list><text:list-item><text:p>First thing</text:p></text:list-item>
 <text:list-item><text:p>Second thing</text:p></text:list-item></text:list>
<table:table table:name="T"><table:table-column table:number-columns-repeated="2"/>
 <table:table-row>
  <table:table-cell office:value-type="string"><text:p>Name</text:p></table:table-cell>
  <table:table-cell office:value-type="string"><text:p>Amount</text:p></table:table-cell>
 </table:table-row>
 <table:table-row><table:table-cell office:value-type="string"><text:p>Apples</text:p>
  </table:table-cell>
  <table:table-cell office:value-type="float" office:value="12"><text:p>12</text:p>
  </table:table-cell></table:table-row></table:table>
<text:p>Beside it <draw:frame text:anchor-type="as-char" svg:width="6cm" svg:height="1cm">
 <draw:text-box><text:p>Words in a box</text:p></draw:text-box></draw:frame> goes on.</text:p>
<text:p text:style-name="new">{_PROSE}</text:p>
<text:p>{_PROSE}</text:p>
<text:h text:outline-level="1">The last chapter</text:h>
<text:p>{_PROSE}</text:p>
</office:text></office:body>""",
)

_NO_HEAD = """
<office:master-styles>
 <style:master-page style:name="Default" style:page-layout-name="sheet">
  <style:header style:display="false"/><style:footer style:display="false"/>
 </style:master-page>
</office:master-styles>
"""
_ROWS = "".join(
    f"""<table:table-row>
 <table:table-cell office:value-type="string"><text:p>Good number {number}</text:p>
 </table:table-cell>
 <table:table-cell office:value-type="float" office:value="{number}"><text:p>{number}</text:p>
 </table:table-cell></table:table-row>"""
    for number in range(120)
)
WORKBOOK = _flat(
    "spreadsheet",
    f"""
<office:automatic-styles>{_LOOKS}{_PAGE}</office:automatic-styles>
{_NO_HEAD}
<office:body><office:spreadsheet>
<table:table table:name="Data">
<table:table-row>
 <table:table-cell office:value-type="string"><text:p>Name of the thing</text:p></table:table-cell>
 <table:table-cell office:value-type="string"><text:p>Some <text:span text:style-name="bold">bold
 words</text:span> here</text:p><text:p>and a second line</text:p></table:table-cell>
</table:table-row>
<table:table-row>
 <table:table-cell table:formula="of:=SUM([.B3:.B122])" office:value-type="float"
  office:value="7140">
  <text:p>7140</text:p></table:table-cell>
 <table:table-cell table:formula="of:=IF([.A2]&gt;1;&quot;xyz&quot;;&quot;qrs&quot;)"
  office:value-type="string" office:string-value="xyz"><text:p>xyz</text:p></table:table-cell>
</table:table-row>
{_ROWS}
</table:table>
<table:table table:name="More">
<table:table-row>
 <table:table-cell office:value-type="string" office:string-value="Said in an attribute">
  <text:p>Said in an attribute</text:p></table:table-cell>
 <table:table-cell office:value-type="string"><office:annotation><text:p>A remark of a cell</text:p>
  </office:annotation><text:p>Tea &amp; "milk", 1 &lt; 2</text:p></table:table-cell>
</table:table-row>
</table:table>
</office:spreadsheet></office:body>""",
)


def _slide(number: int) -> str:
    return f"""
<draw:page draw:name="page{number}" draw:master-page-name="Default">
 <draw:frame presentation:class="title" svg:x="2cm" svg:y="1cm" svg:width="20cm" svg:height="3cm">
  <draw:text-box><text:p>Title of slide {number}</text:p></draw:text-box></draw:frame>
 <draw:frame svg:x="2cm" svg:y="5cm" svg:width="20cm" svg:height="4cm"><draw:text-box>
  <text:list><text:list-item><text:p>Some <text:span text:style-name="bold">bold</text:span> words
   of number {number}</text:p></text:list-item>
   <text:list-item><text:p>one<text:line-break/>two</text:p></text:list-item></text:list>
 </draw:text-box></draw:frame>
 <draw:frame svg:x="2cm" svg:y="10cm" svg:width="20cm" svg:height="2cm"><table:table>
  <table:table-column/><table:table-column/><table:table-row>
  <table:table-cell><text:p>Left cell</text:p></table:table-cell>
  <table:table-cell><text:p>Right cell</text:p></table:table-cell>
  </table:table-row></table:table></draw:frame>
 <draw:custom-shape svg:x="2cm" svg:y="13cm" svg:width="6cm" svg:height="2cm">
  <text:p>Words in a shape</text:p></draw:custom-shape>
 <presentation:notes><draw:frame presentation:class="notes" svg:x="2cm" svg:y="14cm"
  svg:width="16cm" svg:height="10cm"><draw:text-box><text:p>Notes to say</text:p></draw:text-box>
 </draw:frame></presentation:notes>
</draw:page>"""


SLIDES = _flat(
    "presentation",
    f"""
<office:automatic-styles>{_LOOKS}
<style:page-layout style:name="sheet">
 <style:page-layout-properties fo:page-width="25cm" fo:page-height="19cm"/></style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Default" style:page-layout-name="sheet"/>
</office:master-styles>
<office:body><office:presentation>{_slide(1)}{_slide(2)}{_slide(3)}</office:presentation>
</office:body>""",
)

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>
<h1>A page of the web</h1>
<p>Some <b>bold</b>, <i>slanted</i> and <a href="http://localhost/">linked</a> words &amp; more.</p>
<ul><li>first<li>second <b>one</b></ul>
<table border="1"><tr><th>Head<td>Cell of <b>words</b></table></body></html>
"""
TABLE = 'Name,Amount,Remark\nApples,12,"red, and\nround"\nPears,7,"so-called ""good"" ones"\n'


def word(path: Path) -> None:
    document = docx.Document()
    document.add_heading("A heading of ours")
    paragraph = document.add_paragraph("This is ")
    paragraph.add_run("very ").italic = True
    paragraph.add_run("important").bold = True
    paragraph.add_run(" text & more.")
    paragraph.add_run().add_tab()
    paragraph.add_run("After the tab")
    document.add_comment(paragraph.runs[2], "A comment of mine", "N. N.", "N")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "left side", "right side"
    document.sections[0].header.paragraphs[0].text = "The header"
    document.add_page_break()
    document.add_paragraph("On the last page", style="List Bullet")
    document.save(str(path))


def excel(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    sheet.append(["some words", 42])
    sheet.append(["=A1", "=B1*2"])
    bold = InlineFont(b=True)
    sheet["A3"] = CellRichText("some ", TextBlock(bold, "rich"), " text")
    sheet["A4"] = "two\nlines & more"
    sheet["A1"].comment = Comment("A comment of mine", "N. N.")
    book.save(path)


def powerpoint(path: Path) -> None:
    deck = pptx.Presentation()
    for number in range(3):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = f"A title, number {number}"
        paragraph = slide.placeholders[1].text_frame.paragraphs[0]
        paragraph.add_run().text = "Some "
        paragraph.add_run().text = "bold"
        paragraph.runs[1].font.bold = True
        paragraph.add_run().text = " words"
        paragraph.add_line_break()
        paragraph.add_run().text = "on the next line"
        slide.notes_slide.notes_text_frame.text = "Notes to say"
    data = CategoryChartData()
    data.categories = ["NW", "SW"]
    data.add_series("TTL", (1, 2))
    size = [Inches(1), Inches(4), Inches(6), Inches(3)]
    chart = deck.slides[0].shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *size, data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "The title of a chart"
    deck.save(str(path))
