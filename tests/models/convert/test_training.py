"""A pair trained from two text files, and an embedded one fine-tuned, as docs/training.md says."""

import itertools
import random
import re

import pytest

from tests.docs.blocks import blocks
from tests.models.convert.test_convert import EXTRA as PYTHON
from tests.models.page import copy_project, run
from tests.running import ROOT

EXTRA, NEW, TUNED = (block.splitlines() for block in blocks(ROOT / "docs" / "training.md", "sh"))

ONES = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        ["eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
        strict=True,
    )
)
COLORS = {"red": "rot", "green": "grün", "blue": "blau", "white": "weiß", "black": "schwarz"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    # Two threads that wait for each other take ten times as long beside other work.
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    return copy_project(tmp_path / "project")


def write(project, name, pairs):
    for side, lines in zip(("en", "de"), zip(*pairs, strict=True), strict=True):
        text = "".join(f"{line}\n" for line in lines)
        (project / f"{name}.{side}").write_text(text, "utf-8")


def follow(line, project, minutes, *options):
    """A command of the page, for a toy text: for less time, with small batches."""
    line = re.sub("--minutes [0-9]+", f"--minutes {minutes} --tokens 300", line)
    words = " ".join((line.replace(".venv-models/bin/python", str(PYTHON)), *options))
    return run(words, project)


def chrf(output):
    return {
        name: float(found) for name, found in re.findall(r"(\w+): BLEU .*chrF ([\d.]+)", output)
    }


@pytest.mark.timeout(600)
def test_two_text_files_become_a_served_folder(project):
    pairs = [
        (f"{a} {b} {c}", f"{ONES[a]} {ONES[b]} {ONES[c]}")
        for a, b, c in itertools.product(ONES, repeat=3)
    ]
    write(project, "text", pairs)
    prepare, train, add = NEW
    assert "729 pairs read; train 6" in follow(prepare, project, 2, "--words 400")
    found = chrf(follow(train, project, 2))
    assert found["before"] < 30 < 80 < found["after"]
    added = follow(add, project, 2, "--sample 'two nine six'")
    assert "models-local/en_de: model " in added
    assert "two nine six -> zwei neun sechs" in added


@pytest.mark.timeout(600)
def test_fine_tuning_goes_on_and_learns_the_words_of_a_house(project):
    pairs = [
        (f"The {c} flange has {n} grommets.", f"Der {COLORS[c]}e Flansch hat {ONES[n]} Tüllen.")
        for c, n in itertools.product(COLORS, ONES)
    ]
    pairs += [
        (f"Item {n} is {c}.", f"Artikel {n} ist {COLORS[c]}.") for n in range(99) for c in COLORS
    ]
    random.Random(1).shuffle(pairs)
    write(project, "memory", pairs)
    prepare, train, add = TUNED
    follow(prepare, project, 2)
    follow(train, project, 0.2, "--rate 1e-3")
    assert (project / "tuned" / "checkpoint.pt").is_file()
    output = follow(train, project, 2, "--rate 1e-3")
    assert "0.2 of 2 minutes" in output.splitlines()[0], "it goes on where it stopped"
    assert chrf(output)["after"] > chrf(output)["before"] + 15
    assert "models-local/en_de: model " in follow(add, project, 2)
