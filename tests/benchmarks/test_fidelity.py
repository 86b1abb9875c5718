"""The sets of real texts: nothing is changed where the model changes nothing."""

import pytest

from benchmarks.fidelity import report
from benchmarks.fidelity.measure import (
    ALARMS,
    CORRUPTIONS,
    Corrupting,
    Row,
    as_the_model,
    figures,
    measure,
)
from benchmarks.fidelity.service import Identity, Service
from benchmarks.fidelity.splits import wrong_splits
from benchmarks.fidelity.texts import Text, named, passages, sets, single
from tests.running import ROOT

SETS = {(code, name): texts for code in ("en", "pt") for name, texts in sets(code).items()}


def test_each_kind_of_text_is_there():
    assert {name for code, name in SETS if code == "en"} == {
        *("interface", "strings", "html", "xml", "pages", "manual", "subtitles", "social"),
        *("mail", "book", "wrapped", "markdown", "numbers"),
    }
    assert {name for code, name in SETS if code == "pt"} == {
        name for code, name in SETS if code == "en"
    }
    assert len(SETS["en", "interface"]) >= 90 and len(SETS["en", "html"]) >= 60


@pytest.mark.parametrize(("code", "name"), SETS)
def test_a_model_that_changes_nothing_changes_nothing(code, name):
    texts = SETS[code, name]
    row = measure(texts, Service(Identity(), code), Identity())
    assert (row.unchanged, row.lost, row.alarms, row.in_pieces) == (len(texts), 0, 0, 0)


def test_hard_sentence_ends():
    found = wrong_splits()
    assert {code: cases for code, (_, cases) in found.items()} == {"en": 50, "de": 30, "pt": 15}
    assert [wrong for wrong, _ in found.values()] <= [3, 2, 1]


def test_what_is_lost_is_seen():
    text = Text("{a} and {a}", kept=("{a}", "{a}"))
    assert (text.lost("{a} e {a}"), text.lost("{a}")) == ([], ["{a}"])
    assert Text("x", "html").said("<b>a &amp;</b> b 😀") == "a & b"


def test_a_cue_is_compared_by_its_words():
    cue = SETS["en", "subtitles"][1]
    assert (
        cue.said(cue.sent) == " ".join(cue.alone) == "Are you coming with us? No, I have to work."
    )
    assert cue.kept[1:] == ("- ", "- ")


def test_single_sentences_are_compared_with_the_model():
    sentences = single()
    assert len(sentences) == 1800
    assert as_the_model(sentences[:20], Service(Identity(), "en"), Identity()) == 20


def test_other_programs_are_measured_by_the_names_of_tags():
    assert named(Text('<a href="x">b</a>', "html", ("x",))).kept == ("<a", "</a")


def test_passages_of_pages_are_those_with_tags(tmp_path):
    page = "<p>No tags are in this paragraph, so it is none of the passages.</p>\n"
    page += "<ul><li>There <b>are tags</b> in this one, so that it is a passage.</li></ul>"
    (tmp_path / "a.html").write_text(page)
    [found] = passages(tmp_path, 10)
    assert found.sent == "There <b>are tags</b> in this one, so that it is a passage."
    assert found.alone == ("There are tags in this one, so that it is a passage.",)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_corruption_changes_a_number_or_a_sign(name):
    text = "It is $1,234,567."
    assert CORRUPTIONS[name](text) != text
    assert figures(CORRUPTIONS[name](text)) != figures(text)
    [own] = Service(Corrupting(Identity(), CORRUPTIONS[name]), "en")([text], "text")
    assert figures(own.text) != figures(text) and {*own.warnings} & {*ALARMS}


def test_a_corruption_of_a_mask_is_none():
    corrupting = Corrupting(Masking(), CORRUPTIONS["a digit"])
    [own] = Service(corrupting, "en")(["The code is #4711."], "text")
    assert figures(own.text) == figures("The code is #4711.")


class Masking(Identity):
    masks = ("X1",)


def test_the_table_is_written_between_its_marks(tmp_path):
    page = tmp_path / "text.md"
    page.write_text(f"before\n{report.START}old\n{report.END}after\n")
    row = Row(10, 1, 0, 97.25, 72.0, 0, 2)
    found = report.Found(
        {("en_pt", "html"): row, ("none, en", "html"): Row(10, 0, 0, None, None, 9, 0)},
        {"en_pt": (1790, 1800)},
        {"en_pt": {"a digit": (5, 4)}},
        {("MinT", "en_pt", "html"): Row(10, 0, 3, 88.0, None, 0, 0)},
    )
    assert report.changed(found) == 1
    report.write(page, report.tables(found, {"en": (2, 50)}))
    text = page.read_text()
    assert "| en_pt | html | 10 | 1 (10.0%) | 0 | 97.2 | 72.0 | 2 |" in text
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text
    assert "a digit 4 of 5" in text and "en_pt: 1790 of 1800" in text
    assert "| MinT | en_pt | html | 3 of 10 | 88.0 |" in text


def test_the_page_has_the_table():
    text = (ROOT / "docs" / "text.md").read_text("utf-8")
    assert report.START in text and "| en_pt | interface |" in text
