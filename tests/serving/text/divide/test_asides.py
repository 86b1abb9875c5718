"""Emoji and footnote marks within a sentence: translated without them, put back where they were."""

import pytest

from serving.text.divide.asides import place
from tests.serving.text.translating import Each, identity, one, translate

PORTUGUESE = {
    "Thank you for everything": "Obrigado por tudo",
    "Thank you Tom for everything": "Obrigado Tom por tudo",
    "I love it, thanks": "Adorei, obrigado",
    "I love it Tom, thanks": "Adorei Tom, obrigado",
    "This claim is old": "Esta afirmação é antiga",
    "This claim Tom is old": "Esta afirmação Tom é antiga",
    "Danke": "Obrigado",
}


@pytest.mark.parametrize(
    ("text", "translated"),
    [
        ("Thank you 🙏 for everything", "Obrigado 🙏 por tudo"),
        ("Thank you :-) for everything", "Obrigado :-) por tudo"),
        ("I love it 😍, thanks", "Adorei 😍, obrigado"),
        ("This claim[^1] is old", "Esta afirmação[^1] é antiga"),
    ],
)
def test_it_goes_where_a_mask_in_its_place_went(text, translated):
    [found] = translate([text], Each(PORTUGUESE.__getitem__), target="pt")
    assert (found.text, found.warnings) == (translated, ())


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Great job! 🎉 Thank you 🙏", ["Great job!", "Thank you"]),
        ("Thank you 🙏 See you", ["Thank you", "See you"]),
        ("I ❤ this song", ["I", "this song"]),
        ("File → Save", ["File", "Save"]),
        ("THANKS 🙏 FOR IT", ["Thanks for it", "Thanks Tom for it"]),
        ("Acme™ Cloud is here", ["Acme Cloud is here", "Acme Tom Cloud is here"]),
        ("A note[^1] Berlin", ["A note Berlin", "A note Tom Berlin"]),
        ("ありがとう 🙏 みんな", ["ありがとう みんな", "ありがとう Tom みんな"]),
        ("It is <b>so 😀 good</b>", ["It is", "so good", "so Tom good"]),
        ("one 😀 two 😀 three 😀 four 😀 five", ["one", "two", "three", "four", "five"]),
    ],
)
def test_a_sentence_is_divided_where_it_ends(text, seen):
    handler = identity()
    assert one(text, handler) == text
    assert handler.seen == seen


def test_where_its_place_is_not_clear_the_parts_are_translated():
    words = {"Good day to all": "Einen schönen Tag", "Good day Tom to all": "Tom"}
    [found] = translate(["Good day 😀 to all"], Each(lambda text: words.get(text, "so")))
    assert (found.text, found.warnings) == ("so 😀 so", ("translated_in_pieces",))


def test_beside_a_placeholder_and_tags():
    text = "Hi {name} 🙏 for <b>all 😀 that</b> you did"
    assert one(text, identity(), format="html") == text
    assert one("{a} and 🙏 {b} for it", identity()) == "{a} and 🙏 {b} for it"


@pytest.mark.parametrize(
    ("whole", "before", "after", "expected"),
    [
        ("a b c d", "a b", "c d", "a b"),
        ("a b c d", "A b", "x y", "a b"),
        ("a b c d", "x", "c d", "a b"),
        ("a b c d e", "a b x", "d e", "a b c"),
        ("a b c d e", "a b x", "y d e", "a b"),
        ("a b c d", "x y", "z", None),
        ("a b", "", "a b", ""),
        ("a b.", "a b", ".", "a b"),
    ],
)
def test_the_place_is_between_the_same_words(whole, before, after, expected):
    at = place(whole, before, after)
    assert (None if at is None else whole[:at]) == expected
