"""What a model's vocabulary lacks: normalised, protected, or left as it is with a warning."""

import pytest

from serving.text.mend import unknown
from tests.serving.text.translating import Each, translate


class Ascii(Each):
    """Knows ASCII and é, and loses the rest."""

    def __init__(self) -> None:
        super().__init__(lambda segment: "".join(c for c in segment if self.knows(c)))

    def knows(self, character: str) -> bool:
        return character.isascii() or character == "é"


@pytest.mark.parametrize(
    "text",
    [
        "He said “hello” to me – twice.",
        "I live in Łódź now.",
        "It costs 5 € or €7.50 there, or £3.",
        "One café is here.",
        "Hello これは you",
        "<b>Łódź</b> is “big”",
        "«Sim», disse ele — e saiu.",
    ],
)
@pytest.mark.parametrize("form", ["text", "html"])
def test_what_is_unknown_comes_back(text, form):
    text = text if form == "html" else text.replace("<b>", "").replace("</b>", "")
    [found] = translate([text], Ascii(), format=form)
    assert (found.text, "script_unknown" in found.warnings) == (text, False)


def test_marks_reach_the_model_in_ascii():
    handler = Ascii()
    translate(["It’s “here” – now"], handler)
    assert handler.seen == ['It\'s "here" - now']


def test_a_handler_that_says_nothing_gets_them_as_they_are():
    handler = Each(str)
    translate(["It’s “here” – in Łódź"], handler)
    assert handler.seen == ["It’s “here” – in Łódź"]


@pytest.mark.parametrize("text", ["これはペンです。", "Это моя книга.", "これは a です。"])
def test_a_sentence_in_a_foreign_script_stays_and_is_flagged(text):
    handler = Ascii()
    [found] = translate([text], handler)
    assert (found.text, found.warnings, handler.seen) == (text, ("script_unknown",), [])


@pytest.mark.parametrize(
    ("source", "translated", "expected"),
    [
        ("“a”", '"b"', "“b”"),
        ("“a”", 'b"', 'b"'),
        ("a – b", "c - d", "c – d"),
        ("a – b", "c, d", "c, d"),
        ("a-b", "c - d", "c - d"),
        ("“a”", "„b“", "„b“"),
        ("‘a’", "'b'", "‘b’"),
        ("‘a’, he said", '"b", disse ele', "‘b’, disse ele"),
        ("“a ‘b’”", "\"a 'b'\"", "“a ‘b’”"),
        ("Wait…", "Espere...", "Espere…"),
        ("Wait… and…", "Espere...", "Espere..."),
        ("John’s cat", "Pilar d'Ávila", "Pilar d’Ávila"),
        ("John's ‘cat’", "o 'gato' d'Ávila", "o ‘gato’ d'Ávila"),
    ],
)
def test_marks_come_back_where_there_are_as_many(source, translated, expected):
    assert unknown.restore(translated, source) == expected


def test_the_strong_model_says_what_it_lacks(en_pt):
    assert [c for c in "aé”ŁЯ日" if not en_pt.knows(c)] == ["”", "Ł", "Я", "日"]
    texts = ["I live in Łódź now.", "これはペンです。", "He paid 5 € for it."]
    found = translate(texts, en_pt, "en", "pt")
    assert "Łódź" in found[0].text and "5 €" in found[2].text
    assert (found[1].text, found[1].warnings) == (texts[1], ("script_unknown",))
