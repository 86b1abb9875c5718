"""`python -m models verify` and `pack`, as typed."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from model_folder import ModelFolder
from model_folder.sizes import smallest_size
from tests.models.sources import argos_package

ROOT = Path(__file__).parents[2]


def models(*arguments):
    command = [sys.executable, "-m", "models", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_every_embedded_model_is_as_its_manifest_says():
    done = models("verify")
    assert done.returncode == 0, done.stderr
    assert "grown-from-firefox-tiny-en-de 2026.11, 7 files as listed" in done.stdout
    assert "grown-from-firefox-tiny-de-en 2026.11, 7 files as listed" in done.stdout


def test_embedded_manifests_name_licence_and_attribution():
    for pair in ("en_de", "de_en", "en_pt", "pt_en"):
        facts = json.loads((ROOT / "models" / pair / "model.json").read_text())
        assert f"{facts['source']}_{facts['target']}" == pair
        license = (ROOT / "models" / pair / "LICENSE.txt").read_text()
        assert facts["license"] in ("CC BY 2.0 FR", "MPL-2.0")
        assert facts["license"].replace("MPL-2.0", "Mozilla Public License, v. 2.0") in license
        assert f"Attribution: {facts['attribution']}\n" in license


def test_pack_writes_the_verified_folder_with_its_manifest(tmp_path):
    target = tmp_path / "model.tar.gz"
    done = models("pack", ROOT / "models" / "en_de", target)
    assert done.returncode == 0, done.stderr
    with tarfile.open(target) as tar:
        facts = json.load(tar.extractfile("model.json"))
        assert sorted(tar.getnames()) == sorted([*facts["files"], "model.json"])


def test_a_folder_that_is_not_a_model_is_one_sentence_not_a_traceback(tmp_path):
    folder = tmp_path / "en_fr"
    folder.mkdir()
    done = models("verify", folder)
    assert done.returncode == 1
    assert done.stderr == (
        f"models: {folder}: no model.json that lists files. "
        f"Write one with `python -m models hash {folder}`.\n"
    )


def test_add_shows_the_translation_the_size_and_the_memory(tmp_path):
    package = argos_package(tmp_path / "translate-en_de-1_9.argosmodel")
    done = models("add", package, "--license", "CC0-1.0", "--models", tmp_path)
    assert done.returncode == 0, done.stderr
    name, translation, memory, size = done.stdout.splitlines()
    assert name == f"{tmp_path / 'en_de'}: translate-en_de-1_9 1.9, CC0-1.0"
    assert translation == "  Hello world! -> Hallo Welt!"
    assert re.fullmatch(r"  8\.6 MB on disk, \d{2,3} MB in memory under load", memory)
    assert size == "  fits a serverless endpoint with memory: 1024"


@pytest.mark.parametrize("change", ["unlisted", "altered", "no manifest"])
def test_the_advice_for_a_folder_of_ones_own_works(tmp_path, change):
    folder = tmp_path / "en_de"
    shutil.copytree(ROOT / "models" / "en_de", folder)
    (folder / "glossary.tsv").write_text("Hello\tHallo\n")
    if change == "altered":
        (folder / "glossary.tsv").unlink()
        (folder / "LICENSE.txt").write_text("ours")
    if change == "no manifest":
        (folder / "model.json").unlink()
    refused = models("verify", folder)
    assert refused.returncode == 1
    advice = re.search(r"`python -m models (.+)`", refused.stderr)[1]
    followed = models(*shlex.split(advice))
    assert followed.returncode == 0, followed.stderr
    assert models("verify", folder).returncode == 0
    assert models("pack", folder, tmp_path / "model.tar.gz").returncode == 0
    license = json.loads((folder / "model.json").read_text()).get("license")
    assert license == (None if change == "no manifest" else "MPL-2.0")


def test_the_memory_that_add_measures_is_what_the_stack_goes_by(tmp_path):
    package = argos_package(tmp_path / "translate-en_de-1_9.argosmodel")
    done = models("add", package, "--license", "CC0-1.0", "--models", tmp_path)
    shown = int(re.search(r"(\d+) MB in memory", done.stdout)[1])
    peak = ModelFolder(tmp_path / "en_de").peak_memory
    assert round(peak / 1e6) == shown
    assert f"with memory: {smallest_size(peak)}" in done.stdout
    (tmp_path / "en_de" / "more.txt").write_text("another file")
    assert models("hash", tmp_path / "en_de").returncode == 0
    assert ModelFolder(tmp_path / "en_de").peak_memory > peak, "other files: estimated again"
