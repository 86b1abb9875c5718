"""Models of every format, converted as a user would, against what their makers' code says."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from handlers import ModelFolder, Options
from handlers.default import DefaultHandler

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
EXTRA = ROOT / os.environ.get("MODELS_EXTRA", "")
TEXT = "You may add Your own attribution notices"


def run(*command):
    line = [str(part) for part in command]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, env=environment)


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    done = run(EXTRA, HERE / "tiny.py", folder)
    assert done.returncode == 0, done.stderr
    return folder


def convert(source, models, *options):
    models.mkdir()
    return run(EXTRA, "-m", "models", "add", source, "--models", models, *options)


@pytest.mark.parametrize(
    ("name", "pair", "languages"),
    [
        ("opus-mt-en-fr", "en_fr", ("", "")),
        ("m2m100", "nb_pt-BR", ("no", "__pt__")),
        ("nllb-200", "de_zh-Hant", ("deu_Latn", "zho_Hant")),
    ],
)
def test_the_converted_model_says_what_transformers_says(
    sources, tmp_path, monkeypatch, name, pair, languages
):
    monkeypatch.setenv("ENGINE_COMPUTE_TYPE", "float32")  # what Transformers computes with
    options = ("--pair", pair, "--quantization", "float32")
    done = convert(sources / name, tmp_path / "models", *options)
    assert done.returncode == 0, done.stderr
    expected = run(EXTRA, HERE / "reference.py", sources / name, *languages, TEXT)
    assert len(expected.stdout) > 12, expected.stderr
    handler = DefaultHandler(ModelFolder(tmp_path / "models" / pair))
    found = handler.translate([TEXT], Options(beam_size=1))[0].text
    words = re.sub(r"[a-z]{3}_[A-Z][a-z]{3}|__[a-z]+__", "", found)  # as skip_special_tokens does
    assert words.strip().startswith(expected.stdout.strip())


def test_an_opus_model_with_several_targets_is_told_which(sources, tmp_path):
    done = convert(sources / "opus-mt-en-roa", tmp_path / "models", "--pair", "en_pt")
    assert done.returncode == 0, done.stderr
    facts = json.loads((tmp_path / "models" / "en_pt" / "model.json").read_text())
    assert facts["source_prefix"] == [">>por<<"]
    assert facts["source_suffix"] == ["</s>"]
    assert facts["license"] == "apache-2.0"


def test_an_opennmt_checkpoint_takes_the_tokeniser_beside_it(sources, tmp_path):
    source = sources / "opennmt" / "en_fr.pt"
    done = convert(source, tmp_path / "models", "--pair", "en_fr", "--license", "MIT")
    assert done.returncode == 0, done.stderr
    folder = ModelFolder(tmp_path / "models" / "en_fr")
    folder.verify()
    assert DefaultHandler(folder).translate([TEXT], Options())[0].text


def test_eight_bits_are_a_quarter_of_thirty_two(sources, tmp_path):
    sizes = {}
    for quantization in ("int8", "float32"):
        models = tmp_path / quantization
        options = ("--pair", "en_fr", "--quantization", quantization)
        assert convert(sources / "opus-mt-en-fr", models, *options).returncode == 0
        sizes[quantization] = (models / "en_fr" / "ctranslate2_model" / "model.bin").stat().st_size
    assert sizes["int8"] < sizes["float32"]


BOOBY_TRAP = """
import pathlib, sys, torch
class Trap:
    def __reduce__(self):
        return pathlib.Path.touch, (pathlib.Path(sys.argv[2]),)
torch.save({"opt": Trap()}, sys.argv[1])
"""


def test_a_checkpoint_that_would_run_code_is_refused_unopened(sources, tmp_path):
    trap, sprung = tmp_path / "trap.pt", tmp_path / "sprung"
    assert run(EXTRA, "-c", BOOBY_TRAP, trap, sprung).returncode == 0
    done = convert(trap, tmp_path / "models", "--pair", "en_fr", "--license", "MIT")
    assert done.returncode == 1
    assert "loading it could run anything" in done.stderr
    assert not sprung.exists()


def test_a_broken_folder_is_one_sentence(sources, tmp_path):
    source = tmp_path / "opus"
    source.mkdir()
    (source / "config.json").write_text('{"model_type": "marian"}')
    done = convert(source, tmp_path / "models", "--pair", "en_fr")
    assert done.returncode == 1
    assert done.stderr.startswith(f"models: {source} cannot be converted: ")
    assert "Traceback" not in done.stderr


def test_without_the_extra_the_command_says_how_to_get_it(sources, tmp_path):
    (tmp_path / "models").mkdir()
    options = ("--pair", "en_fr", "--models", tmp_path / "models")
    done = run(sys.executable, "-m", "models", "add", sources / "opus-mt-en-fr", *options)
    assert done.returncode == 1
    assert "Run `make models-extra`, then the same command with .venv-models/bin" in done.stderr
