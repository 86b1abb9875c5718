"""Formats of text: what is translated, and that all else comes back byte for byte."""

import tracemalloc

import pytest

from file_formats.errors import FormatError
from file_formats.names import suffix_of
from tests.file_formats.shouting import same, shouted, texts

CASES = {
    "paragraphs": (
        ".txt",
        "Hello\nworld.\r\n\r\n  Indented\n\n42\nlast",
        "HELLO\nWORLD.\r\n\r\n  INDENTED\n\n42\nLAST",
    ),
    "a byte order mark": (".txt", "\ufeffHello", "\ufeffHELLO"),
    "cells": (
        ".csv",
        'id,name,text\r\n1,"Hi, ""you""",five\r\n2,,"a\nb"\r\n',
        'id,name,text\r\n1,"HI, ""YOU""",FIVE\r\n2,,"A\nB"\r\n',
    ),
    "prose between semicolons": (".csv", "a, b, c;d\n1;e\n", "A, B, C;D\n1;E\n"),
    "cells between semicolons": (".csv", "A name;A text\n1;x,y\n", "A NAME;A TEXT\n1;X,Y\n"),
    "cells between tabs": (".tsv", "the name\tb c\n1\tx,y\n", "THE NAME\tB C\n1\tX,Y\n"),
    "one row": (".csv", "hello,world", "HELLO,WORLD"),
    "values": (
        ".json",
        '{ "key": "a \\"b\\"", "n": [1, true, "c\\u00e9d"],\n "42": "42" }',
        '{ "key": "A \\"B\\"", "n": [1, true, "C\\u00c9D"],\n "42": "42" }',
    ),
    "scalars": (
        ".yaml",
        "# note\nkey: a text  # why\nn: 42\nt: true\nl:\n  - 'it''s'\n  - \"a\\nb\"\n"
        "b: |\n  one\n    two\nf: >-\n  one\n  two\n\n  three\nd: 2020-01-01\n",
        "# note\nkey: A TEXT  # why\nn: 42\nt: true\nl:\n  - 'IT''S'\n  - \"A\\nB\"\n"
        "b: |\n  ONE\n    TWO\nf: >-\n  ONE TWO\n\n  THREE\nd: 2020-01-01\n",
    ),
    "what is not translated yet": (
        ".po",
        'msgid ""\nmsgstr "Language: de\\n"\n\n#: a.c:1\nmsgid "Hello"\nmsgstr ""\n\n'
        'msgid "done"\nmsgstr "fertig"\n\nmsgctxt "menu"\nmsgid ""\n"one\\n"\n"two"\nmsgstr ""\n\n'
        'msgid "%d day"\nmsgid_plural "%d days"\nmsgstr[0] ""\nmsgstr[1] ""\n#~ msgid "old"\n',
        'msgid ""\nmsgstr "Language: de\\n"\n\n#: a.c:1\nmsgid "Hello"\nmsgstr "HELLO"\n\n'
        'msgid "done"\nmsgstr "fertig"\n\nmsgctxt "menu"\nmsgid ""\n"one\\n"\n"two"\n'
        'msgstr ""\n"ONE\\n"\n"TWO"\n\n'
        'msgid "%d day"\nmsgid_plural "%d days"\nmsgstr[0] "%D DAY"\nmsgstr[1] "%D DAYS"\n'
        '#~ msgid "old"\n',
    ),
    "cues": (
        ".srt",
        "1\r\n00:00:01,000 --> 00:00:02,000\r\n- Yes.\r\n- No.\r\n\r\n"
        "2\r\n00:00:03,000 --> 00:00:04,000\r\n{\\an8}<i>Up there</i>\r\n\r\n\r\n"
        "3\r\n00:00:05,000 --> 00:00:06,000\r\nfive < six\r\n",
        "1\r\n00:00:01,000 --> 00:00:02,000\r\n- YES.\r\n- NO.\r\n\r\n"
        "2\r\n00:00:03,000 --> 00:00:04,000\r\n{\\an8}<i>UP THERE</i>\r\n\r\n\r\n"
        "3\r\n00:00:05,000 --> 00:00:06,000\r\nFIVE < SIX\r\n",
    ),
    "web cues": (
        ".vtt",
        "WEBVTT - title\n\nSTYLE\n::cue { color: red }\n\nNOTE a note\n\nid\n"
        "00:01.000 --> 00:02.000 align:start\n<v Ann>Tom &amp; I <c.x>go</c></v>\n",
        "WEBVTT - title\n\nSTYLE\n::cue { color: red }\n\nNOTE a note\n\nid\n"
        "00:01.000 --> 00:02.000 align:start\n<v Ann>TOM &amp; I <c.x>GO</c></v>\n",
    ),
    "blocks": (
        ".html",
        '<!doctype html><title>A t</title><script>var a = "<p>b</p>";</script>\n'
        '<div title="Tip"><p>one <b>two</b></p><pre>code</pre><p translate="no">no</p></div>'
        "<p>three<br>four<!-- note -->",
        '<!doctype html><title>A T</title><script>var a = "<p>b</p>";</script>\n'
        '<div title="Tip"><p>ONE <b>TWO</b></p><pre>code</pre><p translate="no">no</p></div>'
        "<p>THREE<br>FOUR<!-- note -->",
    ),
    "elements": (
        ".xml",
        '<?xml version="1.0"?>\n<r a="b">\n <t>one <b>two</b> &amp; x</t>\n <u translate="no">n</u>'
        "<!-- c --><v/></r>\n",
        '<?xml version="1.0"?>\n<r a="b">\n <t>ONE <b>TWO</b> &amp; X</t>\n <u translate="no">n</u>'
        "<!-- c --><v/></r>\n",
    ),
    "units": (
        ".xliff",
        '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file><body>'
        '<trans-unit id="1"><source>See <g id="1">this</g><x id="2"/> now</source></trans-unit>'
        '<trans-unit id="2"><source>a</source><target>b</target></trans-unit>'
        '<trans-unit id="3"><source>c <ph id="1">%s</ph> d</source><target state="new"/>'
        "</trans-unit></body></file></xliff>",
        '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file><body>'
        '<trans-unit id="1"><source>See <g id="1">this</g><x id="2"/> now</source>'
        '<target>SEE <g id="1">THIS</g><x id="2"/> NOW</target></trans-unit>'
        '<trans-unit id="2"><source>a</source><target>b</target></trans-unit>'
        '<trans-unit id="3"><source>c <ph id="1">%s</ph> d</source>'
        '<target state="new">C <ph id="1">%s</ph> D</target>'
        "</trans-unit></body></file></xliff>",
    ),
    "units of version 2": (
        ".xlf",
        '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en"><file>'
        "<unit><segment><source>Hi</source></segment></unit></file></xliff>",
        '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" '
        'trgLang="de"><file><unit><segment><source>Hi</source><target>HI</target></segment></unit>'
        "</file></xliff>",
    ),
    "marks": (
        ".md",
        "---\ntitle: x\n---\n# Head *one*\n\nA **bold\nword** and [a link](http://x/y_z).\n"
        "- item `code`\n  more\n> quoted\n\n"
        "```sh\nls -l\n```\n\n    code\n\n| a b | c |\n|---|---|\n"
        "| d | `e` |\n\n[ref]: http://x\n1. first  \n   line\n\n![pic](p.png)\n",
        "---\ntitle: x\n---\n# HEAD *ONE*\n\nA **BOLD WORD** AND [A LINK](http://x/y_z).\n"
        "- ITEM `code` MORE\n> QUOTED\n\n```sh\nls -l\n```\n\n    code\n\n| A B | C |\n|---|---|\n"
        "| D | `e` |\n\n[ref]: http://x\n1. FIRST  \n   LINE\n\n![PIC](p.png)\n",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_words_are_translated_and_nothing_else(case):
    name, content, expected = CASES[case]
    assert shouted(content.encode(), suffix_of(f"a{name}")).decode() == expected


UNCHANGED = [case for case in CASES if not case.startswith(("what is not", "units"))]


@pytest.mark.parametrize("case", UNCHANGED)
def test_nothing_changes_where_the_translation_is_the_source(case):
    name, content, _ = CASES[case]
    assert same(content.encode(), suffix_of(f"a{name}")) == content.encode()


def test_a_sentence_is_one_piece_whatever_formats_its_words():
    assert texts(b"A **bold\nword** and `code` here.", ".md") == [
        "A <g0>bold word</g0> and <x2/> here."
    ]
    assert texts(b"1\n0:00:01,0 --> 0:00:02,0\nI would like\nto <i>know</i>.\n", ".srt") == [
        "I would like to <g0>know</g0>."
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a *b `c*` d* e", "A *B `c*` D* E"),
        ("2 * 3 and a_b_c *", "2 * 3 AND A_B_C *"),
        ("``a ` b`` c `open", "``a ` b`` C `OPEN"),
        ("***both*** [a [b] c](d) e]", "***BOTH*** [A [B] C](d) E]"),
        (r"\*no\* <b>x</b> <http://a.b> y", r"\*NO\* <b>X</b> <http://a.b> Y"),
    ],
)
def test_marks_of_markdown_that_do_not_pair_are_text(text, expected):
    assert shouted(text.encode(), ".md").decode() == expected


def test_a_cue_is_wrapped_to_as_many_lines_as_it_had():
    content = b"1\n0:00:01,0 --> 0:00:02,0\nI would like to know\nwhere it is.\n"
    assert shouted(content, ".srt").decode().endswith("I WOULD LIKE TO\nKNOW WHERE IT IS.\n")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_comes_back_as_it_was(codec):
    content = "\ufeff1\r\n00:00:01,000 --> 00:00:02,000\r\nHé\r\n".encode(codec)
    assert shouted(content, ".srt").decode(codec).endswith("HÉ\r\n")
    assert same(content, ".srt") == content


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            '<meta charset="iso-8859-1"><p>café</p>'.encode("latin-1"),
            '<meta charset="utf-8"><p>CAFÉ</p>',
        ),
        (
            '<meta content="text/html; charset=Shift_JIS"><p>本</p>'.encode("shift_jis"),
            '<meta content="text/html; charset=utf-8"><p>本</p>',
        ),
        ("<meta charset=UTF-8><p>é</p>".encode(), "<meta charset=UTF-8><p>É</p>"),
    ],
)
def test_the_charset_of_a_page_is_honoured_and_written_anew(content, expected):
    assert shouted(content, ".html").decode() == expected


def test_the_encoding_of_xml_is_honoured_and_written_anew():
    content = '<?xml version="1.0" encoding="ISO-8859-1"?><r><t>café</t></r>'.encode("latin-1")
    expected = '<?xml version="1.0" encoding="UTF-8"?><r><t>CAFÉ</t></r>'
    assert shouted(content, ".xml").decode() == expected


def test_short_entities_of_xml_itself_stay():
    head = '<!DOCTYPE r [<!ENTITY company "Example Ltd"><!ENTITY nbsp "&#160;"><!ENTITY hr "—">]>'
    text = "A&nbsp;text of &company; &hr; read."
    content = f'{head}<r><t by="&company;">{text}</t><t>&company;</t></r>'.encode()
    assert same(content, ".xml") == content
    assert texts(content, ".xml") == [text]


def test_names_in_an_attribute_grow_little():
    """By expat, for us to look at; they are written as they stand."""
    head = b'<!DOCTYPE r [<!ENTITY b "' + b"c" * 12 + b'">]>'
    content = head + b'<r a="' + b"&b;" * 300_000 + b'">Hello</r>'
    tracemalloc.start()
    found = same(content, ".xml")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == content
    assert peak < 15 * len(content)


REFUSED = {
    "no UTF-8": (".txt", b"caf\xe9", "not UTF-8 text: byte 3 is invalid"),
    "a NUL": (".txt", b"a\0b", "contains a NUL character"),
    "an unknown charset": (".html", b"<meta charset=klingon>", "charset klingon, which is unknown"),
    "no text encoding": (".html", b"<meta charset=base64>", "charset base64, which is unknown"),
    "broken JSON": (".json", b'{"a": }', "not JSON at character 6"),
    "deep JSON": (".json", b"[" * 100_000, "JSON"),
    "broken YAML": (".yaml", b"a: [b", "not YAML in line 2"),
    "an open quote": (".csv", b'a,"b', "a quote is never closed"),
    "broken XML": (".xml", b"<a><b></a>", "not well-formed: line 1, column 9"),
    "an entity bomb": (
        ".xml",
        b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>',
        "declares an entity, d",
    ),
    "an entity's markup": (".xml", b'<!DOCTYPE a [<!ENTITY b "<c/>">]><a/>', "declares an entity"),
    "an entity of declarations": (
        ".xml",
        b'<!DOCTYPE a [<!ENTITY % b "c">]><a/>',
        "declares an entity",
    ),
    "a long entity": (
        ".xml",
        b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 13 + b'">]><a/>',
        "declares an entity, b, of more than 4 times the length of &b; itself",
    ),
    "an entity in XLIFF": (
        ".xliff",
        b'<!DOCTYPE a [<!ENTITY b "c">]><xliff version="2.0">&b;</xliff>',
        "declares an entity",
    ),
    "an outer entity": (
        ".xml",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        "declares an entity",
    ),
    "deep XML": (".xml", b"<a>" * 300, "nested deeper than 200 levels"),
    "other XML": (".xliff", b"<a/>", "no XLIFF document"),
    "no catalogue": (".po", b"Hello", "line 1 cannot be read"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_in_a_sentence(case):
    suffix, content, sentence = REFUSED[case]
    with pytest.raises(FormatError, match=sentence):
        shouted(content, suffix)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a.pdf", "Files .pdf are not translated. A PDF holds letters at places, not sentences."),
        ("a.doc", "Save it as .docx"),
        ("a", "Files without an extension are not translated. Known are .txt, .md, .html"),
        ("a.htmfoo", "Files .htmfoo are not translated. Known are .txt"),
    ],
)
def test_other_files_are_refused_with_the_reason(name, sentence):
    with pytest.raises(FormatError, match=sentence):
        suffix_of(name)


@pytest.mark.parametrize("name", ["a.HTM", "a.yml", "a.xlf", "a.markdown", "B.C.Srt"])
def test_other_extensions_of_a_format_are_known(name):
    assert suffix_of(name) in (".html", ".yaml", ".xliff", ".md", ".srt")


def test_a_long_line_is_cut_between_sentences():
    line = "This is a sentence. " * 1000
    pieces = texts(line.encode(), ".txt")
    assert "".join(pieces) == line
    assert max(map(len, pieces)) <= 4000
    assert all(piece.endswith(". ") for piece in pieces)
