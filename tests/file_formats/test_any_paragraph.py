"""Any paragraph of OpenDocument and Word: translated it is XML still, and nothing of it is lost."""

from collections import Counter
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.file_formats.shouting import shouted
from tests.file_formats.test_office import zipped as office_zipped
from tests.file_formats.test_open_document import content_of, document

WORDS = st.sampled_from(["one", " two ", "Three. ", "four &amp; five", "6", " ", "ex"])
ODF_LEAVES = WORDS | st.sampled_from(
    [
        "<text:tab/>", "<text:line-break/>", '<text:bookmark text:name="b"/>', "<text:s/>",
        '<text:change text:change-id="c"/>', "<text:page-number>3</text:page-number>",
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>a note</text:p></text:note-body></text:note>",
        "<office:annotation><text:p>a <text:span>remark</text:span></text:p></office:annotation>",
        "<draw:frame><draw:text-box><text:p>in a box</text:p></draw:text-box></draw:frame>",
    ]
)  # fmt: skip
ODF_TAGS = [
    "text:span",
    'text:span text:style-name="T1"',
    'text:span text:style-name="T2"',
    'text:a xlink:href="x"',
    "text:meta",
]


def within(tags, content):
    inner = st.lists(content, max_size=3).map("".join)
    return st.builds(
        lambda tag, text: f"<{tag}>{text}</{tag.split()[0]}>", st.sampled_from(tags), inner
    )


ODF = st.lists(st.recursive(ODF_LEAVES, lambda content: within(ODF_TAGS, content)), max_size=5)

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LOOKS = st.sampled_from(["", "<w:rPr><w:b/></w:rPr>", "<w:rPr><w:i/></w:rPr>"])
IN_RUN = WORDS.map(lambda text: f'<w:t xml:space="preserve">{text}</w:t>') | st.sampled_from(
    [
        "<w:tab/>", "<w:br/>", '<w:footnoteReference w:id="2"/>', '<w:commentReference w:id="0"/>',
        '<w:fldChar w:fldCharType="begin"/>', '<w:fldChar w:fldCharType="separate"/>',
        '<w:fldChar w:fldCharType="end"/>', "<w:instrText>PAGE</w:instrText>",
        '<w:instrText>HYPERLINK "x"</w:instrText>', "<w:drawing/>", "<w:sym/>",
    ]
)  # fmt: skip
WORD_LEAVES = st.builds(
    lambda look, content: f"<w:r>{look}{''.join(content)}</w:r>",
    LOOKS,
    st.lists(IN_RUN, max_size=2),
) | st.sampled_from(
    [
        '<w:bookmarkStart w:id="1"/>', '<w:bookmarkEnd w:id="1"/>',
        '<w:commentRangeStart w:id="0"/>', '<w:commentRangeEnd w:id="0"/>',
        "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>",
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>in a box</w:t></w:r></w:p></w:txbxContent>"
        "</w:pict></w:r>",
    ]
)  # fmt: skip
WORD_TAGS = ['w:hyperlink w:id="3"', "w:ins", "w:smartTag", 'w:fldSimple w:instr="HYPERLINK x"']
WORD = st.lists(st.recursive(WORD_LEAVES, lambda content: within(WORD_TAGS, content)), max_size=6)
# What translation may write anew, or leave out as it says nothing.
FREE = {"span", "r", "rPr", "t", "b", "i", "s"}


def what_it_holds(xml):
    """Elements but for formatting, and characters but for white space; capitals are alike."""
    root = ElementTree.fromstring(xml)
    names = (element.tag.partition("}")[2] for element in root.iter())
    letters = "".join("".join(root.itertext()).split()).upper()
    return Counter(name for name in names if name not in FREE), Counter(letters)


@settings(max_examples=40, deadline=None)
@given(ODF)
def test_a_paragraph_of_opendocument_loses_nothing(items):
    package = document(f"<text:p>{''.join(items)}</text:p>")
    assert what_it_holds(content_of(shouted(package, ".odt"))) == what_it_holds(content_of(package))


@settings(max_examples=40, deadline=None)
@given(WORD)
def test_a_paragraph_of_word_loses_nothing(items):
    xml = f"<w:document {NAMES}><w:body><w:p>{''.join(items)}</w:p></w:body></w:document>"
    package = office_zipped([("word/document.xml", xml)])
    written = content_of(shouted(package, ".docx"), "word/document.xml")
    assert what_it_holds(written) == what_it_holds(xml)
