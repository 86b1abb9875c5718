"""`python -m models calibrate` finds which scores go with bad translations."""

import json
import random
import shutil
import subprocess
import sys

import pytest

from models.calibrate import fit
from tests.handlers.firefox import make_folder
from tests.running import MODELS, ROOT

DATA = ROOT / "tests" / "data"


def calibrate(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "models", "calibrate", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_fit_finds_where_good_and_bad_meet():
    random.seed(3)
    scores = [-random.random() * 2 for _ in range(4000)]
    found = fit(
        [(score, random.random() < 1 / (1 + 2.718281828 ** -(6 * score + 6))) for score in scores]
    )
    assert found.slope == pytest.approx(6, rel=0.15)
    assert -found.intercept / found.slope == pytest.approx(-1, abs=0.05)


def test_fit_bears_scores_that_tell_them_apart_without_exception():
    found = fit([(-0.1, True), (-0.2, True), (-0.8, False), (-0.9, False)] * 30)
    assert found.confidence(-0.1) > 0.9 and found.confidence(-0.9) < 0.1


def test_two_files_of_sentences_give_the_manifest_two_numbers(tmp_path):
    folder = tmp_path / "en_de"
    shutil.copytree(MODELS / "en_de", folder)
    before = json.loads((folder / "model.json").read_text())
    sources = (DATA / "sample.en").read_text("utf-8").splitlines()[:120]
    targets = (DATA / "sample.de").read_text("utf-8").splitlines()[:120]
    targets[::3] = targets[1::3]  # references that fit no translation
    (tmp_path / "source").write_text("\n".join(sources))
    (tmp_path / "target").write_text("\n".join(targets))
    done = calibrate(folder, tmp_path / "source", tmp_path / "target")
    assert done.returncode == 0, done.stderr
    assert "of 60 sentences that it was not fitted on, marks " in done.stdout
    after = json.loads((folder / "model.json").read_text())
    assert set(after.pop("calibration")) == {"slope", "intercept"}
    assert after == before


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
    done = calibrate(MODELS / "en_de", tmp_path / "source", tmp_path / "target")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert sentence in done.stderr


def test_a_handler_without_scores_is_one_sentence(tmp_path):
    for name in ("source", "target"):
        (tmp_path / name).write_text("Good morning!\n")
    done = calibrate(make_folder("en_pt", tmp_path), tmp_path / "source", tmp_path / "target")
    assert "its handler gives no scores to go by" in done.stderr
