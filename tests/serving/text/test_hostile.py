"""Hostile input: answered, in time, and without harm to the texts beside it."""

import pytest

from tests.serving.text.hostile import NAUGHTY, SCRIPTS, UNITS, every_block
from tests.serving.text.translating import identity, translate

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
