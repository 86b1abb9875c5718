"""The texts that once took minutes, as large as a request may be: each takes a moment."""

import time

import pytest

from file_formats.document import read_document
from handlers.pseudo import pseudo
from serving.settings import Settings
from tests.serving.text.translating import identity, one

LARGEST = Settings().max_characters
SECONDS = 12  # of processor time: a third of it at rest; what is quadratic took 24 to 85


def maximum(unit: str, end: str = "") -> str:
    return unit * ((LARGEST - len(end)) // len(unit)) + end


DASHES = tuple("-" * 40 + letter + str(number) for number in range(1100) for letter in "ab")
TEXTS = {
    "zeros of a percent sign": ("%" + "0" * (LARGEST - 1), {}),
    "zeros of a named percent sign": ("%(a)" + "0" * (LARGEST - 4), {}),
    "opening brackets before an emoji": ("a" + maximum("(", "a 😀"), {"split": "none"}),
    "a kept underscore": (maximum("a_"), {"keep": ("_",)}),
    "kept terms that are alike": (maximum("-"), {"keep": DASHES}),
    "kept terms that begin alike": (maximum("acac "), {"keep": ("a", *("a" + "b" * 199,) * 20)}),
    "capitals in many spans": (maximum("{A} ", "WORD"), {"split": "none"}),
    "an element of alike words": (
        f"<p><b>{'a ' * 25_000}</b>{'a ' * 24_000}</p>",
        {"format": "html", "split": "none"},
    ),
    "an element of one long word": (
        f"<p><b>{'a' * 50_000}</b> {'a' * 49_000}</p>",
        {"format": "html", "split": "none"},
    ),
    "ignored tags": (
        maximum("<p>a</p>"),
        {"format": "html", "ignore_tags": tuple(f"x{number}" for number in range(4096))},
    ),
    "entities": (maximum("&lt;"), {"format": "html"}),
    "digits of an entity": ("&#" + "9" * (LARGEST - 3) + ";", {"format": "html"}),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_large_text_takes_a_moment(name):
    text, wishes = TEXTS[name]
    started = time.thread_time()
    found = one(text, identity(), **wishes)
    assert time.thread_time() - started < SECONDS
    assert found == text or wishes.get("format") == "html"


@pytest.mark.parametrize("unit", ["{", "${", "<", "%", "%(", "%(a", "{{", "%1"])
def test_a_pseudo_translation_takes_a_moment(unit):
    started = time.thread_time()
    pseudo(maximum(unit))
    assert time.thread_time() - started < SECONDS


@pytest.mark.parametrize("unit", ["a ", "a", " ", "a  ", "-", "a\t"])
def test_wrapping_a_cue_takes_a_moment(unit):
    lines = "\n".join(["a" * 20_000, maximum(unit)[:80_000]])
    cue = f"1\n00:00:01,000 --> 00:00:02,000\n{lines}\n"
    started = time.thread_time()
    document = read_document(cue.encode(), ".srt", "de")
    document.write([f"{piece.text} " for piece in document.pieces])
    assert time.thread_time() - started < SECONDS


@pytest.mark.parametrize("digits", ["9" * 5000, "0" * 5000 + "65"], ids=["large", "padded"])
@pytest.mark.parametrize("form", ["html", "xml"])
def test_a_number_of_no_character_is_no_error(digits, form):
    text = f"<p title='A &#{digits};' class='&#{digits};'>A &#{digits}; b &#{digits}</p>"
    found = one(text, identity(), format=form)
    assert found == f"{text.partition('>')[0]}>A \ufffd b \ufffd</p>"
