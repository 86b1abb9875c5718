"""Sentence pairs: read, filtered, divided, and batched."""

import random

import numpy as np
import pytest

from handlers import ModelError
from models.training.corpus import Batches, divide, good_pairs, read_pairs, read_part, write_part


def test_two_files_are_read_side_by_side(tmp_path):
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_text("one\ntwo\u2028\n", "utf-8")
    target.write_text("eins\nzwei", "utf-8")
    assert read_pairs(source, target) == [("one", "eins"), ("two\u2028", "zwei")]


def test_files_of_different_length_are_refused(tmp_path):
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_text("one\ntwo\n")
    target.write_text("eins\n")
    with pytest.raises(ModelError, match=r"a has 2 lines, .*b has 1: line N of one has to"):
        read_pairs(source, target)


@pytest.mark.parametrize(
    ("pair", "is_good"),
    [
        (("Yes.", "Ja."), True),
        (("OK", "OK"), False),
        (("", "Ja."), False),
        (("No.", "Nein. " * 20), False),
    ],
)
def test_what_is_worth_training_on(pair, is_good):
    assert good_pairs([pair, pair]) == ([pair] if is_good else [])


def test_no_held_out_sentence_is_trained_on():
    pairs = [(f"source {n % 150}", f"target {n}") for n in range(400)]
    parts = divide(pairs)
    assert {name: len(part) for name, part in parts.items() if name != "train"} == {
        "dev": 20,
        "test": 40,
    }
    held = {text for name in ("dev", "test") for pair in parts[name] for text in pair}
    assert parts["train"]
    assert not held & {text for pair in parts["train"] for text in pair}


def test_too_little_is_refused():
    with pytest.raises(ModelError, match="49 usable pairs are too few"):
        divide([(str(n), f"x{n}") for n in range(49)])


def test_a_part_comes_back_as_it_was(tmp_path):
    pairs = [("a\tb", "c\u2028d"), ("„x“", "y")]
    write_part(tmp_path / "part", pairs)
    assert read_part(tmp_path / "part") == pairs


def test_batches_hold_every_pair_once_padded_by_the_end():
    rows = [([3] * n, [4] * (n + 1)) for n in range(1, 60)] + [([3], [4] * 200), ([], [4])]
    seen = []
    for batch in Batches(rows, ends=(1, 2), tokens=100).once(random.Random(1)):
        assert batch.target.size <= 100 or len(batch.target) == 1
        assert (batch.source[~batch.source_real] == 1).all()
        assert (batch.target[np.arange(len(batch.target)), batch.target_real.sum(1) - 1] == 2).all()
        seen += [int(n) - 1 for n in batch.source_real.sum(1)]
    assert sorted(seen) == list(range(1, 60)), "too long and empty ones are left out"
