"""`python -m models try-masks` finds the words that a model copies."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from handlers import ModelError, Translation
from models.masks import CARRIERS, SETS, best_masks, try_masks
from tests.running import MODELS, ROOT


class Copying:
    """Copies what fits a pattern, and turns all else into small letters."""

    def __init__(self, pattern: str) -> None:
        self.pattern = re.compile(pattern)

    def translate(self, segments, options):
        return [
            Translation(" ".join(w if self.pattern.match(w) else "-" for w in s.split()))
            for s in segments
        ]


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "models", "try-masks", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_every_language_has_twenty_carriers_and_sets_have_room():
    assert {len(own) for own in CARRIERS.values()} == {20}
    assert {len(set(masks)) for masks in SETS.values()} == {9}
    assert all("{0}" in carrier for own in CARRIERS.values() for carrier in own)


def test_the_set_that_is_copied_is_found():
    shares = try_masks(Copying(r"Q\d"), "en")
    assert shares["Q1"] == 1 and shares["names"] == 0
    assert best_masks(shares) == SETS["Q1"]


def test_a_name_says_something_so_it_is_the_last_choice():
    assert best_masks(try_masks(Copying(r"\w"), "en-GB")) == SETS["X1"]


def test_where_the_usual_words_do_better_there_are_none():
    assert best_masks(try_masks(Copying(r"[A-Z][a-z]+\b"), "en-GB")) == ()
    assert best_masks(dict.fromkeys(SETS, 0.0)) == ()


def test_a_language_without_carriers_is_refused():
    with pytest.raises(ModelError, match=r"but not for sw\. Write `masks` into the manifest"):
        try_masks(Copying("x"), "sw")


def test_the_command_writes_them_into_the_manifest(tmp_path):
    folder = tmp_path / "pt_en"
    shutil.copytree(MODELS / "pt_en", folder)
    facts = json.loads((folder / "model.json").read_text())
    masks = facts.pop("masks")
    (folder / "model.json").write_text(json.dumps(facts))
    done = run(folder)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(SETS) + 1
    assert json.loads((folder / "model.json").read_text())["masks"] == masks
    shown = re.findall(r"^ *(\d+)%  X1 ", done.stdout, re.MULTILINE)
    assert int(shown[0]) >= 95


def test_a_pair_is_looked_for_where_models_are():
    done = run("xx_yy")
    assert (done.returncode, done.stderr) == (
        1,
        "models: xx_yy is not here; `python -m models list` shows what is.\n",
    )
