"""What each token may become, learned from pairs and written for the engine."""

import random

from models.training.vocabulary_map import joined, learn_map, read_map, write_map

WORDS = [("house", "Haus"), ("old", "alt"), ("new", "neu"), ("garden", "Garten"), ("sea", "Meer")]
SOURCE = ["</s>", "the", *(word for word, _ in WORDS), "Ada", "never"]
TARGET = ["</s>", "das", *(word for _, word in WORDS), "Ada", "vielleicht"]
FREQUENT = 600
"""More target words than are allowed everywhere, each of them in many pairs."""


def pairs():
    """Sentences of three words in a random order, each beside its translation."""
    rng = random.Random(1)
    known = list(range(1, 2 + len(WORDS)))
    return [(ids, rng.sample(ids, 3)) for ids in (rng.sample(known, 3) for _ in range(40))]


def filler():
    """Pairs of words that take all places of the list for any sentence."""
    words = [f"x{number}" for number in range(FREQUENT)]
    rows = [len(SOURCE) + number for number in range(FREQUENT)]
    targets = [len(TARGET) + number for number in range(FREQUENT)]
    return words, [([row], [own]) for row, own in zip(rows, targets, strict=True)] * 30


def test_a_word_may_become_what_stood_beside_it():
    words, more = filler()
    found = learn_map([*pairs(), *more], [*SOURCE, *words], [*TARGET, *words])
    assert {word: found[word][0] for word, _ in WORDS} == dict(WORDS)
    assert found["Ada"] == ["Ada"]  # unseen, and a word of both languages
    assert "never" not in found
    assert len(found[""]) == 500 and "vielleicht" not in found[""]


def test_what_is_frequent_is_allowed_everywhere_and_said_once():
    found = learn_map(pairs(), SOURCE, TARGET)
    assert set(found[""]) == {"das", *(word for _, word in WORDS)}
    assert "house" not in found


def test_nothing_to_learn_from_leaves_copies():
    assert learn_map([], ["a", "b"], ["b", "c"]) == {"": [], "b": ["b"]}


def test_maps_are_joined_and_come_back_as_they_were_written(tmp_path):
    house = {"": ["</s>", "und"], "customer": ["Debitor"]}
    start = {"": ["und", "der"], "customer": ["Kunde", "Debitor"], "sea": ["Meer"]}
    both = joined([start, house])
    assert both == {
        "": ["und", "der", "</s>"],
        "customer": ["Kunde", "Debitor"],
        "sea": ["Meer"],
    }
    write_map(both, tmp_path / "vmap.txt")
    assert read_map(tmp_path / "vmap.txt") == both
    assert (
        (tmp_path / "vmap.txt").read_text().startswith("\tund der </s>\ncustomer\tKunde Debitor\n")
    )
