"""Emoticons are copied; numbers and list markers that look like one are not."""

import sys

import pytest

from serving.text.protect import emoji
from serving.text.protect.emoji import find_emoji


@pytest.mark.parametrize("text", [":-)", ";)", "=D", "8-)", ":3", "<3", "😀", "👍🏽", "1️⃣"])
def test_an_emoticon_is_found(text):
    assert [(span.start, span.end) for span in find_emoji(text)] == [(0, len(text))]


@pytest.mark.parametrize("text", ["Line 83", "8)", "8P", "18:30", "x =3", "http://x", "a:b"])
def test_a_number_is_no_emoticon(text):
    assert list(find_emoji(text)) == []


def test_the_sign_that_is_looked_for_first_is_in_every_emoji():
    characters = map(chr, range(sys.maxunicode + 1))
    alone = [one for one in characters if emoji._EMOJI.search(one)]
    assert len(alone) > 4000
    assert [one for one in alone if not list(find_emoji(one))] == []
