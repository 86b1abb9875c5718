"""Hard-wrapped paragraphs are one text; lists, verse, code and addresses are not."""

import textwrap

import pytest

from serving.text.divide.wrapping import find_wrapped
from tests.serving.text.translating import Each, identity, one, translate

LONG = (
    "It was the best of times and the worst of times, it was the age of wisdom and the age of "
    "foolishness. We had everything before us, and we had nothing before us; in short, the "
    "period was so far like the present one that some of its noisiest authorities insisted on it."
)
MAIL = f"""\
Dear Anna,

{textwrap.fill(LONG, 70)}

{textwrap.fill(LONG, 72, initial_indent="> ", subsequent_indent="> ")}

{textwrap.fill(LONG, 66, initial_indent="  - ", subsequent_indent="    ")}

Yours, Tom
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("split", ["sentences", "punctuation"])
def test_each_sentence_reaches_the_model_whole(end, split):
    handler = identity()
    text = MAIL.replace("\n", end)
    assert one(text, handler, split=split) == text
    assert [s.count(end) for s in handler.seen] == [0] * len(handler.seen)
    assert sum(s.endswith("the age of foolishness.") for s in handler.seen) == 3


@pytest.mark.parametrize("width", [50, 60, 70, 80, 100])
def test_every_width_is_found(width):
    text = textwrap.fill(LONG, width)
    [found] = find_wrapped(text)
    assert (found.joined, found.wrap(found.joined)) == (LONG, text)


def test_what_is_longer_in_the_translation_has_more_lines():
    text = textwrap.fill(LONG, 70, initial_indent="> ", subsequent_indent="> ")
    translated = one(text, Each(lambda segment: segment.replace("the", "an der sehr langen")))
    lines = translated.split("\n")
    assert len(lines) > text.count("\n") + 1
    assert all(line.startswith("> ") and len(line) <= 70 for line in lines)


def test_two_lines_are_enough_where_a_sentence_goes_on():
    text = "We have looked at what you sent us last week, and will tell you soon\nwhat we think."
    assert len(list(find_wrapped(text))) == 1
    assert list(find_wrapped(text.replace("what we", "What we"))) == []
    assert list(find_wrapped(text.replace("soon", "soon."))) == []


OTHERS = {
    "verse": """\
Shall I compare thee to a summer's day, my dear and only friend?
Thou art more lovely and more temperate than all the days of it:
Rough winds do shake the darling buds of May, and all the others,
And summer's lease hath all too short a date, as every one knows;""",
    "a list": """\
- buy some milk and butter at the shop that is near the station
- clean the kitchen and the bathroom before the guests do arrive
- call the doctor about the appointment of the next week, please""",
    "numbered": """\
1. buy some milk and butter at the shop that is near the station
2. clean the kitchen and the bathroom before the guests do arrive""",
    "an address": "Anna Smith\n12 Main Street\nLondon\nUnited Kingdom",
    "code": """\
    for name in sorted(names_of_all_the_files_in_the_folder):
        if name.endswith(".txt") and is_readable(folder / name):
            print("the file is", name, "and it is readable here")""",
    "a table": """\
| the name of the first thing | what it is for, in a few words  |
| the second of all the names | what that one is for, of course |
| the third of all of these   | and this is for something else  |""",
    "columns": """\
alpha beta gamma    a description of the first of these things
delta epsilon zeta  a description of the second of the things""",
    "sentences": """\
We went to the market in the morning and we bought some apples.
We went to the market in the evening and we sold all of them.
We went home after that and we slept until the sun did rise.""",
    "a fence": f"```\n{textwrap.fill(LONG, 70)}\n```",
    "paths": "/usr/share/doc/" + "a" * 50 + "\n/usr/share/doc/" + "b" * 50 + "\n/usr/share/x",
    "hard breaks": textwrap.fill(LONG, 70).replace("\n", "  \n"),
    "mixed ends": textwrap.fill(LONG, 70).replace("\n", "\r\n", 1),
}


@pytest.mark.parametrize("name", OTHERS)
def test_lines_that_end_where_their_author_wanted_stay(name):
    handler = identity()
    assert one(OTHERS[name], handler) == OTHERS[name]
    assert not any("\n" in segment for segment in handler.seen)
    longest = max(map(len, OTHERS[name].splitlines()))
    assert all(len(segment) <= longest for segment in handler.seen)


def test_no_line_is_broken_within_a_placeholder():
    kept = "worst of times"
    text = textwrap.fill(LONG, 60)
    assert kept in text
    for more in range(1, 14):
        translated = one(text, Each(lambda s, more=more: "x" * more + s), keep=(kept,))
        assert kept in translated
        assert all(len(line) <= 60 for line in translated.split("\n"))


def test_with_split_none_nothing_is_unwrapped():
    handler = identity()
    text = textwrap.fill(LONG, 70)
    assert one(text, handler, split="none") == text
    assert handler.seen == [text]


def test_warnings_of_a_paragraph_are_told():
    text = textwrap.fill(LONG.replace("everything", "5 things"), 70)
    [found] = translate([text], Each(lambda segment: segment.replace("5", "five")))
    assert found.warnings == ()
    [found] = translate([text], Each(lambda segment: segment.replace("5", "7")))
    assert found.warnings == ("numbers_changed",)
