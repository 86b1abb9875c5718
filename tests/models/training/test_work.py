"""A training's folder, up to the first step: what lies in it to start from, and what is written."""

import shutil

import pytest

from model_folder.layout import ENGINE, VOCABULARY_MAP
from models.training.vocabulary_map import read_map, write_map
from models.training.work import prepare
from tests.running import ROOT, SMALL

DATA = ROOT / "tests" / "data"
PAIRS = list(
    zip(
        *((DATA / f"sample.{side}").read_text("utf-8").splitlines() for side in ("en", "de")),
        strict=True,
    )
)


@pytest.fixture
def start(tmp_path):
    return shutil.copytree(SMALL, tmp_path / "start")


def map_of(folder):
    return folder / ENGINE / VOCABULARY_MAP


def test_a_new_model_gets_a_map_of_its_text(tmp_path):
    work = prepare(tmp_path / "work", PAIRS, None, "small", 600)
    assert "." in read_map(map_of(work.start))[""]
    work.write(work.variables().arrays)
    assert map_of(work.model).read_bytes() == map_of(work.start).read_bytes()


def test_a_map_of_the_start_is_added_to(tmp_path, start):
    write_map({"": ["\u2581Debitor"], "never seen": ["nie"]}, map_of(start))
    found = read_map(map_of(prepare(tmp_path / "work", PAIRS, start, "small", 600).start))
    assert {"\u2581Debitor", "."} <= set(found[""]) and found["never seen"] == ["nie"]


def test_a_start_without_a_map_keeps_all_that_it_can_say(tmp_path, start):
    work = prepare(tmp_path / "work", PAIRS, start, "small", 600)
    work.write(work.variables().arrays)
    assert not map_of(work.start).exists() and not map_of(work.model).exists()
