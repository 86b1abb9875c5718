"""The splitter's own faults stay its own: no panic, no loss, nothing on stderr."""

import subprocess
import sys

import pytest
import sentencex
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.text.divide import sentences
from serving.text.divide.sentences import split_sentences

WIDE = [chr(code) for code in range(0x80, 0x3001) if chr(code).isspace()]
LANGUAGES = (
    *("am", "ar", "bg", "bn", "ca", "da", "de", "el", "en", "es", "fi", "fr", "gu", "hi", "hy"),
    *("it", "ja", "kk", "kn", "ml", "mr", "my", "nl", "pa", "pl", "pt", "ru", "sk", "ta", "te"),
    *("uk", "zh", "en-XA", "xx"),
)
SIGNS = (*"ABix10 .!?…。।\"'“”«»()[]「」‘’/@-*•é漢\n\r\t\u0301", *WIDE, "...", "Dr", "U.S", "e.g.")


def test_the_splitter_panics_still():
    """Where it does not, the space need not be replaced any more."""
    code = "import sentencex\nsentencex.segment('en', 'Take vitamin C\\u00a0.')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "PanicException" in done.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_space_before_a_full_stop_is_too_wide(language, capfd):
    for space in WIDE:
        text = f"Take vitamin C{space}. Then plan B {space}.{space}Go"
        assert "".join(split_sentences(text, language)) == text
    assert capfd.readouterr().err == ""


def test_a_wide_space_splits_like_any_other():
    text = "Take vitamin\u00a0. Go on!\u00a0Really?"
    assert list(split_sentences(text, "en")) == ["Take vitamin\u00a0. ", "Go on!\u00a0", "Really?"]


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(LANGUAGES), st.lists(st.sampled_from(SIGNS), max_size=40).map("".join))
def test_joined_sentences_are_the_text_in_every_language(language, text):
    assert "".join(split_sentences(text, language)) == text


def test_a_panic_leaves_the_line_whole(monkeypatch):
    """One that nobody has found yet."""

    def panic(language, text):
        return sentencex.segment(language, "Take vitamin C\u00a0.")

    monkeypatch.setattr(sentences, "segment", panic)
    assert list(split_sentences("One. Two.", "en")) == ["One. Two."]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError])
def test_what_is_no_panic_goes_on(monkeypatch, error):
    def fail(language, text):
        raise error

    monkeypatch.setattr(sentences, "segment", fail)
    with pytest.raises(error):
        list(split_sentences("One. Two.", "en"))
