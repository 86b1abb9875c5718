"""SubRip files: structure kept byte for byte, cues translated as sentences."""

import pytest

from gateway.backend import TranslationRequest
from gateway.subtitles import translate

HOW = TranslationRequest((), "en", "de")


def upper(texts, how):
    return [
        f"{how.format}:{text.upper()}" if how.format == "html" else text.upper() for text in texts
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_numbers_times_and_blank_lines_stay(newline):
    content = (
        "1\n00:00:01,000 --> 00:00:02,500\nHello there\n\n"
        "2\n00:00:03,000 --> 00:00:04,000 X1:40 X2:600\nfive < six & seven\n\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\n\n"
        "4\n00:00:07.000 --> 00:00:08.000\nBye"
    ).replace("\n", newline)
    expected = content.replace("Hello there", "HELLO THERE").replace("Bye", "BYE")
    assert translate(content, upper, HOW) == expected.replace(
        "five < six & seven", "FIVE < SIX & SEVEN"
    )


def test_a_sentence_over_two_lines_is_translated_as_one_and_wrapped_again():
    asked = []

    def echo(texts, how):
        asked.extend(texts)
        return list(texts)

    cue = "1\n00:00:01,000 --> 00:00:02,000\nI would like to know\nwhere the station is.\n"
    assert translate(cue, echo, HOW) == cue
    assert asked == ["I would like to know where the station is."]


def test_a_cue_with_tags_goes_as_html():
    cue = (
        "1\n00:00:01,000 --> 00:00:02,000\n<i>Hello</i>\n\n2\n00:00:03,000 --> 00:00:04,000\nBye\n"
    )
    translated = translate(cue, upper, HOW)
    assert "html:<I>HELLO</I>" in translated
    assert "\nBYE\n" in translated


def test_a_file_without_cues_is_unchanged():
    assert translate("just a text\n", upper, HOW) == "just a text\n"
