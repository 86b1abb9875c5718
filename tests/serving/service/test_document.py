"""A document through the whole pipeline: its structure comes back, nothing is lost."""

import re

import pytest

from handlers import ModelFolder
from handlers.default import DefaultHandler
from serving.lanes.batcher import Batcher
from serving.plugins.claims import Plugins
from serving.plugins.models import Model
from serving.request import Request
from serving.service.translator import Translator
from tests.running import MODELS, ROOT

DOCUMENT = (ROOT / "tests" / "data" / "document.txt").read_text("utf-8")
BREAKS = re.compile(r"[\n\t]+")


@pytest.fixture(scope="module")
def sent():
    """Every segment that was to be translated, in order, those asked again for a loop left out."""
    return []


@pytest.fixture(scope="module")
def translator(sent):
    class Recording(Batcher):
        def begin(self, handler, asks, caller):
            sent.extend(ask.segment for ask in asks if not ask.options.no_repeat_ngram_size)
            return super().begin(handler, asks, caller)

    folder = ModelFolder(MODELS / "en_de")
    model = Model(folder, Plugins().claim(folder), DefaultHandler(folder))
    return Translator([model], max_tokens=10_000, batcher=Recording(lanes=1))


def answer(translator, text, **fields):
    return translator.translate(Request(texts=(text,), **fields))


def test_line_structure_and_list_markers_stay(translator):
    text = answer(translator, DOCUMENT).translations[0].text
    assert BREAKS.findall(text) == BREAKS.findall(DOCUMENT)
    for marker in ("\n- ", "\n  1. ", "\n  2. ", "\n> ", "\n42\n---\n"):
        assert marker in text


def test_sentences_do_not_end_at_abbreviations(translator, sent):
    sent.clear()
    answer(translator, DOCUMENT)
    assert "Dr. Smith came home late, e.g. at ten." in sent
    assert "a bottle of milk, i.e. the big one" in sent


def test_a_long_sentence_is_cut_and_nothing_is_lost(translator, sent):
    words = "the weather is nice today and we go to the old town by train "
    text = (words * 60)[:3000]
    sent.clear()
    result = answer(translator, text)
    assert 1 < len(sent) <= result.segments
    assert " ".join(sent).split() == text.split()
    limit = translator.models[0].handler.max_tokens
    assert max(len(segment.tokens) for segment in sent) <= limit
    assert result.tokens >= sum(len(segment.tokens) for segment in sent)


def test_tokens_counted_are_the_models(translator, sent):
    sent.clear()
    answer(translator, DOCUMENT)
    handler = translator.models[0].handler
    assert [segment.tokens for segment in sent] == handler.tokenize(sent)


def test_a_word_too_long_by_itself_is_cut_between_characters(translator, sent):
    text = "ä" * 2000
    sent.clear()
    answer(translator, text)
    assert "".join(sent) == text


def test_one_segment_where_nothing_splits(translator, sent):
    sent.clear()
    answer(translator, "Hello.\nGood night.", split="none")
    assert sent == ["Hello.\nGood night."]


def test_line_breaks_inside_a_sentence_where_only_punctuation_splits(translator, sent):
    sent.clear()
    answer(translator, "I went\nhome. Good\nnight.\n\nHello", split="punctuation")
    assert sent == ["I went\nhome.", "Good\nnight.", "Hello"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "42", "--- 7 %", "…", "😀", "\u200b"])
def test_a_text_without_words_costs_no_call(translator, sent, text):
    sent.clear()
    assert answer(translator, text).translations[0].text == text
    assert sent == []
