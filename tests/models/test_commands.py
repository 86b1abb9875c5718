"""`python -m models verify` and `pack`, as typed."""

import json
import subprocess
import sys
import tarfile
from pathlib import Path

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
    done = models("pack", tmp_path, tmp_path / "model.tar.gz")
    assert done.returncode == 1
    assert done.stderr == (
        f"models: {tmp_path} has no model.json: run `python -m models add {tmp_path}`\n"
    )
