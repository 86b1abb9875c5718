"""The start: both shapes of a model directory, and a sentence for what is wrong."""

import shutil
import socket
import subprocess
import sys

import pytest

from tests.running import MODELS, ROOT, Server


def refused(*arguments, **environment):
    """The one sentence on stderr of a start that must fail."""
    command = [sys.executable, "-m", "serving", "--port", "0", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment or None, capture_output=True, text=True, timeout=30
    )
    assert done.returncode not in (0, -6, -11)
    (sentence,) = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert done.stdout == "" and sentence.startswith("serving: "), done.stderr
    return sentence


def copy_model(pair, folder):
    shutil.copytree(MODELS / pair, folder, ignore=shutil.ignore_patterns("model.json"))


@pytest.fixture
def models(tmp_path):
    """A folder with one model folder, without a manifest as users make them."""
    copy_model("en_de", tmp_path / "en_de")
    return tmp_path


def test_a_folder_of_model_folders_is_served(models):
    copy_model("de_en", models / "fr_en")
    with Server(models) as server:
        reply = server.translate("Guten Morgen!", source="fr", target="en")
        assert reply.json["translations"][0]["text"] == "Good morning!"


def test_one_model_folder_is_served_without_naming_the_pair(models):
    folder = models / "model"
    (models / "en_de").rename(folder)
    with Server(folder, SERVING_PAIR="en_de") as server:
        assert server.text("Hello world!", attributes="").body.decode() == "Hallo Welt!"


def test_list_names_handler_plugin_origin_version_and_hash(models):
    command = [sys.executable, "-m", "serving", "--models", str(models), "--list"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert len(listed.splitlines()) == 1
    for part in ("en_de", "DefaultHandler", "handlers.default (handlers/default.py)", "sha256:"):
        assert part in listed


def test_sagemakers_port_variable_is_honoured(models):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "serving", "--models", str(models)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={"SAGEMAKER_BIND_TO_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert f":{port}" in process.stdout.readline()
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_a_missing_file_is_named(models):
    (models / "en_de" / "sentencepiece.model").unlink()
    assert "neither sentencepiece.model nor" in refused("--models", models)


def test_an_altered_model_is_refused_by_its_hash(tmp_path):
    shutil.copytree(MODELS / "en_de", tmp_path / "en_de")
    model = tmp_path / "en_de" / "ctranslate2_model" / "model.bin"
    weights = bytearray(model.read_bytes())
    weights[len(weights) // 2] ^= 1
    model.write_bytes(weights)
    assert "ctranslate2_model/model.bin is altered: its sha256" in refused("--models", tmp_path)


def test_one_archive_as_sagemaker_unpacks_it_is_served():
    with Server(MODELS / "en_de") as server:
        assert server.text("Hello world!", attributes="").body.decode() == "Hallo Welt!"


def test_no_models_are_refused(tmp_path):
    assert "holds no model folder" in refused("--models", tmp_path)


def test_a_folder_that_is_none_is_refused(tmp_path):
    assert "is no folder" in refused("--models", tmp_path / "nowhere")


def test_an_empty_pair_folder_says_what_belongs_there(tmp_path):
    (tmp_path / "fr_en").mkdir()
    assert "no model.bin in ctranslate2_model/" in refused("--models", tmp_path)


def test_a_model_without_a_pair_is_refused(models):
    (models / "en_de").rename(models / "mine")
    assert "cannot tell the pair from 'mine'" in refused("--models", models)


def test_two_folders_of_one_pair_are_refused(models):
    shutil.copytree(models / "en_de", models / "EN_DE")
    assert "Remove one of them" in refused("--models", models)


def test_a_port_in_use_is_refused(models):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        message = refused("--models", models, "--port", port)
    assert f"Cannot listen on 127.0.0.1:{port}" in message


def test_a_setting_that_is_no_number_is_refused(models):
    message = refused("--models", models, SERVING_MAX_TEXTS="many")
    assert "SERVING_MAX_TEXTS='many' is not a whole number" in message
