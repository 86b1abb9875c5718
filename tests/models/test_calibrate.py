"""`python -m models calibrate` finds which scores go with bad translations."""

import gzip
import json
import math
import random
import shutil
import subprocess
import sys

import pytest

from models.broken import STRANGERS, broken, strangers
from models.calibrate import Seen, fit
from models.manifest import list_files
from tests.handlers.firefox import make_folder
from tests.running import ROOT, SMALL

DATA = ROOT / "tests" / "data"


def calibrate(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "models", "calibrate", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def seen(good, **told):
    return Seen({"score": 0.0, "length": 0.0, "pieces": 0.2, "copied": 0.0, **told}, good)


def test_fit_finds_where_good_and_bad_meet():
    chance = random.Random(3)
    scores = [-2 * chance.random() for _ in range(4000)]
    found = fit([seen(chance.random() < 1 / (1 + math.exp(-6 * s - 6)), score=s) for s in scores])
    assert found.weights["score"] == pytest.approx(6, rel=0.15)
    assert -found.intercept / found.weights["score"] == pytest.approx(-1, abs=0.05)


def test_fit_weighs_every_sign_that_tells_good_from_bad():
    chance = random.Random(3)

    def one(good):
        told = {
            "score": -0.5 * chance.random() - 0.3 * (not good),
            "length": chance.gauss(0.1, 0.1 if good else 0.4),
            "pieces": 0.2 + 0.1 * chance.random() + 0.1 * (not good),
            "copied": 0.3 * chance.random() + 0.2 * (not good),
        }
        return seen(good, **told)

    found = fit([one(chance.random() < 0.7) for _ in range(2000)])
    assert found.weights["score"] > 1
    assert max(found.weights[name] for name in ("length", "pieces", "copied")) < -1
    assert found.usual["length"] == pytest.approx(0.1, abs=0.02)


def test_a_sign_that_would_count_the_wrong_way_round_is_left_out():
    rows = [seen(True, score=-0.1, copied=0.9), seen(False, score=-0.9, copied=0.1)]
    assert "copied" not in fit(rows * 40).weights


def test_a_few_good_ones_are_below_the_threshold():
    chance = random.Random(3)
    rows = [
        seen(good, score=-chance.random() - (not good)) for good in (True, False) for _ in "x" * 500
    ]
    found = fit(rows)
    marked = [one for one in rows if found.confidence(one.signs) < found.threshold]
    assert sum(one.good for one in marked) == 25
    assert sum(not one.good for one in marked) > 400


def test_fit_bears_signs_that_tell_them_apart_without_exception():
    scores = {-0.1: True, -0.2: True, -0.8: False, -0.9: False}
    found = fit([seen(good, score=score) for score, good in scores.items()] * 30)
    sure, *_, unsure = (found.confidence(seen(True, score=score).signs) for score in scores)
    assert sure > 0.9 and unsure < 0.1


def test_what_is_broken_is_the_same_each_time():
    sentences = ["The meeting has been moved to Thursday afternoon."] * 12
    first = list(broken(sentences))
    assert first == list(broken(sentences))
    assert [index for _, index in first] == [0, 4, 8]
    typed, disordered, scrambled = (copy for copy, _ in first)
    assert typed != sentences[0] and typed.split()[0] != "meeting"
    assert sorted(disordered.split()) == sorted(sentences[0].split()) and disordered != sentences[0]
    assert sorted(scrambled) == sorted(sentences[0]) and scrambled != sentences[0]
    assert STRANGERS["de"] not in strangers("de-AT", "en") and STRANGERS["fr"] in strangers("en")


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(SMALL, tmp_path / "en_de")
    sources = (DATA / "sample.en").read_text("utf-8").splitlines()[:120]
    targets = (DATA / "sample.de").read_text("utf-8").splitlines()[:120]
    targets[::3] = targets[1::3]  # references that fit no translation
    (tmp_path / "source").write_text("\n".join(sources))
    (tmp_path / "target").write_text("\n".join(targets))
    return tmp_path / "en_de"


def test_two_files_of_sentences_give_the_manifest_a_calibration(folder, tmp_path):
    before = json.loads((folder / "model.json").read_text())
    done = calibrate(folder, tmp_path / "source", tmp_path / "target")
    assert done.returncode == 0, done.stderr
    assert "of 60 sentences that it was not fitted on, marks " in done.stdout
    assert "of 23 broken or foreign ones that it was not fitted on, marks " in done.stdout
    after = json.loads((folder / "model.json").read_text())
    assert set(after["calibration"]) == {"intercept", "weights", "usual", "threshold"}
    assert {**after, "calibration": 0} == {**before, "calibration": 0}


def test_it_is_checked_on_other_files_compressed_or_not(folder, tmp_path):
    for language in ("en", "de"):
        data = (DATA / f"sample.{language}").read_bytes()
        (tmp_path / f"check.{language}.gz").write_bytes(gzip.compress(data))
    check = ("--check", tmp_path / "check.en.gz", tmp_path / "check.de.gz")
    done = calibrate(folder, tmp_path / "source", tmp_path / "target", *check)
    assert "of 200 sentences that it was not fitted on, marks " in done.stdout
    (tmp_path / "check.en.gz").write_bytes(b"no gzip")
    done = calibrate(folder, tmp_path / "source", tmp_path / "target", *check)
    assert "check.en.gz cannot be read: " in done.stderr and "Traceback" not in done.stderr


def test_a_calibration_holds_for_these_very_files(folder, tmp_path):
    list_files(folder)
    assert "calibration" in json.loads((folder / "model.json").read_text())
    (folder / "LICENSE.txt").write_text("another")
    list_files(folder)
    assert "calibration" not in json.loads((folder / "model.json").read_text())


@pytest.mark.parametrize(
    ("sources", "targets", "sentence"),
    [
        ("a\nb\n", "a\n", "2 sentences, but 1 translations of them."),
        ("a\nb\n", "a\nb\n", "2 sentences with scores are too few"),
    ],
)
def test_what_it_cannot_go_by_is_one_sentence(tmp_path, sources, targets, sentence):
    (tmp_path / "source").write_text(sources)
    (tmp_path / "target").write_text(targets)
    done = calibrate(SMALL, tmp_path / "source", tmp_path / "target")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert sentence in done.stderr


def test_a_handler_without_scores_is_one_sentence(tmp_path):
    for name in ("source", "target"):
        (tmp_path / name).write_text("Good morning!\n")
    done = calibrate(make_folder("en_pt", tmp_path), tmp_path / "source", tmp_path / "target")
    assert "its handler gives no scores to go by" in done.stderr
