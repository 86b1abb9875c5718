"""Hostile input: answered, in time, and without harm to the texts beside it."""

import time

import pytest

from serving.text.divide.sentences import split_sentences
from serving.text.markup.tokens import tokenize
from serving.text.protect.rules import protected_spans
from tests.serving.text.hostile import NAUGHTY, SCRIPTS, UNITS, every_block
from tests.serving.text.translating import identity, one, reversing, translate

HELLO = "Hello world!"
CORPUS = (*NAUGHTY, *SCRIPTS, *(unit * 50 for unit in UNITS))


def test_the_corpus_has_forty_scripts_and_every_block():
    assert len(SCRIPTS) >= 40
    assert len(list(every_block())) > 250


@pytest.mark.parametrize("form", ["text", "html", "xml"])
def test_texts_beside_hostile_ones_are_unchanged(en_de, form):
    texts = [HELLO, *CORPUS[::24], HELLO]
    found = translate(texts, en_de, format=form, beam_size=1)
    assert len(found) == len(texts)
    assert found[0].text == found[-1].text == "Hallo Welt!"


def test_every_character_there_is_comes_through(random_model):
    texts = [*every_block(), *SCRIPTS][::16]
    found = translate(texts, random_model, beam_size=1)
    assert all(translation.text for translation in found)


def test_a_model_that_changes_nothing_changes_nothing():
    texts = [*CORPUS, *every_block()]
    assert [found.text for found in translate(texts, identity())] == texts


def seconds(function, text: str) -> float:
    """Processor time, the best of three: what else runs on the machine does not count."""
    times = []
    for _ in range(3):
        started = time.process_time()
        function(text)
        times.append(time.process_time() - started)
    return min(times)


def factor(function, unit: str, size: int) -> float:
    """How much longer eight times the text takes: 8 if linear, 64 if quadratic."""
    short, long = (unit * (length // len(unit)) for length in (size, 8 * size))
    return seconds(function, long) / max(seconds(function, short), 0.0005)


FUNCTIONS = {
    "protected": protected_spans,
    "sentences": lambda text: list(split_sentences(text, "en")),
    "markup": lambda text: tokenize(text, is_html=True),
}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_time_is_linear(function):
    slow = {unit: f for unit in UNITS if (f := factor(function, unit, 2000)) > 24}
    # A busy machine may disturb a measurement, but not twice the same one.
    assert {unit for unit in slow if factor(function, unit, 4000) > 24} == set()


@pytest.mark.parametrize("form", ["text", "html"])
def test_the_whole_pipeline_is_linear(form):
    def work(text):
        handler = reversing()
        handler.max_tokens = 100
        one(text, handler, format=form)

    chosen = UNITS[::6]
    slow = {unit: f for unit in chosen if (f := factor(work, unit, 400)) > 24}
    assert {unit for unit in slow if factor(work, unit, 800) > 24} == set()
