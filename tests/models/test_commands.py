"""`python -m models verify` and `pack`, as typed."""

import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path

from tests.models.sources import argos_package

ROOT = Path(__file__).parents[2]


def models(*arguments):
    command = [sys.executable, "-m", "models", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_every_embedded_model_is_as_its_manifest_says():
    done = models("verify")
    assert done.returncode == 0, done.stderr
    assert "tatoeba-en-de 2026.11, 5 files as listed" in done.stdout
    assert "tatoeba-de-en 2026.11, 5 files as listed" in done.stdout


def test_embedded_manifests_name_licence_and_attribution():
    for pair in ("en_de", "de_en"):
        facts = json.loads((ROOT / "models" / pair / "model.json").read_text())
        assert f"{facts['source']}_{facts['target']}" == pair
        assert facts["license"] == "CC BY 2.0 FR"
        assert facts["attribution"] in (ROOT / "models" / pair / "LICENSE.txt").read_text()


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
    done = models("pack", folder, tmp_path / "model.tar.gz")
    assert done.returncode == 1
    assert done.stderr == (
        f"models: {folder}: no model.json that lists files. "
        f"Write one: python -m models add {folder}\n"
    )


def test_add_shows_the_translation_the_size_and_the_memory(tmp_path):
    package = argos_package(tmp_path / "translate-en_de-1_9.argosmodel")
    done = models("add", package, "--license", "CC0-1.0", "--models", tmp_path)
    assert done.returncode == 0, done.stderr
    name, translation, memory, size = done.stdout.splitlines()
    assert name == f"{tmp_path / 'en_de'}: translate-en_de-1_9 1.9, CC0-1.0"
    assert translation == "  Hello world! -> Hallo Welt!"
    assert re.fullmatch(r"  8\.6 MB on disk, \d{2,3} MB in memory under load", memory)
    assert size == "  fits a serverless endpoint of 1024 MB (memorySize)"
