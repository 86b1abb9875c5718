"""Terms are found in a text, and looked for in a translation."""

import time
from itertools import product

import pytest

from serving.text.glossary.terms import Terms


def found(terms, text, source="en", target="de"):
    return [text[each.start : each.end] for each in Terms(terms, source, target).find(text)]


@pytest.mark.parametrize(
    ("term", "text", "places"),
    [
        ("contract", "Contracts, a contract; subcontract, contractor.", ["Contracts", "contract"]),
        ("hot dog", "A hot dog, hot\n dogs, a hot, dog.", ["hot dog", "hot\n dogs"]),
        ("C++", "C++ is not C+.", ["C++"]),
        ("API", "The API and two APIs of an api.", ["API", "APIs"]),
        ("March", "In March we march.", ["March"]),
        ("US", "The US and us.", ["US"]),
        ("e-mail", "An E-mail, e-mails and email.", ["E-mail", "e-mails"]),
        ("company", "The company's house.", ["company"]),
        ("naïve", "A naive naïve man.", ["naïve"]),
        ("", "A text.", []),
        ("   ", "A text.", []),
    ],
)
def test_finds_a_term_and_its_forms(term, text, places):
    assert found({term: "x"}, text) == places


def test_finds_terms_in_a_script_without_spaces():
    assert found({"契約": "contract", "契約書": "deed"}, "この契約書は契約です", "ja", "en") == [
        "契約書",
        "契約",
    ]


def test_of_two_that_overlap_the_first_and_the_longer_is_found():
    terms = {"board": "Brett", "board of directors": "Vorstand", "directors cut": "Schnitt"}
    assert found(terms, "The board of directors cut the board.") == ["board of directors", "board"]


def test_terms_that_differ_in_case_are_two():
    terms = Terms({"Polish": "Polnisch", "polish": "Politur"}, "en", "de")
    each = [(one.term, one.target) for one in terms.find("Polish is Polish, polish is polish.")]
    assert each == [("Polish", "Polnisch")] * 2 + [("polish", "Politur")] * 2
    lower_first = Terms({"polish": "Politur", "Polish": "Polnisch"}, "en", "de")
    assert [one.target for one in lower_first.find("Some polish")] == ["Politur"]


def test_an_accent_alone_makes_another_term():
    terms = {"secretaria": "Amt", "secretária": "Sekretärin"}
    for order in (terms, dict(reversed(terms.items()))):
        each = Terms(order, "pt", "de").find("A secretaria, a secretária")
        assert [one.target for one in each] == ["Amt", "Sekretärin"]


@pytest.mark.parametrize(
    ("target", "text", "count"),
    [
        ("Vertrag", "Der Vertrag, des Vertrages, die Verträge.", 3),
        ("Vertrag", "Der Kaufvertrag und der Vertragspartner.", 2),
        ("Vertrag", "Vertraglich: vertragen.", 2),
        ("maschinelles Lernen", "Beim maschinellen Lernen und maschinell lernen.", 1),
        ("API", "Die API, die api.", 1),
        ("Vertrag", "Ein Abkommen.", 0),
        ("C++", "C++, C+", 1),
    ],
)
def test_counts_what_a_translation_has(target, text, count):
    assert Terms({}, "en", "de").counts(text, [target]) == {target: count}


def test_no_term_is_half_there():
    board = "conselho de administração"
    terms = Terms({}, "en", "pt")
    assert terms.counts("o conselho administrativo", [board]) == {board: 0}
    assert terms.counts("os conselhos de administração", [board]) == {board: 1}


ALIKE = {
    "a long term": ({"a " * 500 + "b": "x"}, "a " * 50_000),
    "a shorter one": ({"a " * 30 + "b": "x"}, "a " * 50_000),
    "terms that begin alike": ({f"a b{n}": "x" for n in range(1000)}, "a c " * 25_000),
    "terms that differ by case": (
        {"".join(case): "x" for case in product("aA", repeat=9)},
        "aaaaaaaaa " * 9000,
    ),
    "a letter": ({"x": "y"}, "x" * 100_000),
    "a letter that is a word": ({"契": "y"}, "契" * 100_000),
}


@pytest.mark.parametrize(("terms", "text"), ALIKE.values(), ids=ALIKE)
def test_takes_linear_time_however_alike_the_terms_are(terms, text):
    made = Terms(terms, "en", "de")
    started = time.process_time()
    list(made.find(text))
    assert time.process_time() - started < 3
