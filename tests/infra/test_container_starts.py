"""A folder that is served on a laptop is served in the cloud: the container that the stack
describes, started for real with the archive and the environment that the stack gives to it."""

import json
import shutil
import subprocess
import sys
import tarfile

import pytest

from infra.errors import SettingsError
from tests.handlers.firefox import make_folder
from tests.infra.program import PROJECT, run
from tests.infra.recorded import Recorded
from tests.running import ROOT, SMALL, Server

EN_DE = SMALL
ENGINE = EN_DE / "ctranslate2_model"


def plain(path):
    """Ours, without a manifest."""
    shutil.copytree(EN_DE, path, ignore=shutil.ignore_patterns("model.json"))


def flat(path):
    """As OPUS-MT models come from CTranslate2's converters."""
    shutil.copytree(ENGINE, path)
    for name in ("source.spm", "target.spm"):
        shutil.copy(EN_DE / "sentencepiece.model", path / name)


def argos(path, target="de"):
    shutil.copytree(ENGINE, path / "model")
    shutil.copy(EN_DE / "sentencepiece.model", path)
    (path / "metadata.json").write_text(json.dumps({"from_code": "en", "to_code": target}))


def argos_brazilian(path):
    argos(path, "pb")


def firefox(path):
    """The files as Firefox downloads them, and nothing else."""
    make_folder(path.name, path.parent)


def unlisted(path):
    """A manifest that lists no files: every key of it is optional."""
    plain(path)
    (path / "model.json").write_text(json.dumps({"name": "ours", "version": "3"}))


def empty(path):
    """For the pseudo-localiser, which needs no model."""
    path.mkdir()


LAYOUTS = {
    "plain": (plain, "en_de", "en_de"),
    "flat OPUS-MT": (flat, "en_de", "en_de"),
    "Argos, by its own name": (argos, "translate-en_de-1_9", "en_de"),
    "Argos' own code": (argos_brazilian, "translate-en_pb-1_9", "en_pt-BR"),
    "a folder named by Argos' code": (argos_brazilian, "en_pb", "en_pt-BR"),
    "Firefox's files": (firefox, "en_pt", "en_pt"),
    "a manifest without files": (unlisted, "en_de", "en_de"),
    "an empty folder": (empty, "en_en-XA", "en_en-XA"),
}


def unpacked(archive, folder):
    """As SageMaker unpacks it: to a folder whose name tells no pair."""
    with tarfile.open(archive) as tar:
        tar.extractall(folder / "model", filter="data")
    return folder / "model"


@pytest.mark.parametrize(("make", "name", "pair"), LAYOUTS.values(), ids=LAYOUTS)
def test_a_folder_served_here_is_served_there(tmp_path, make, name, pair):
    make(tmp_path / name)
    source, target = pair.split("_")
    with Server(tmp_path) as laptop:
        assert [model["pair"] for model in laptop.get("/models").json["models"]] == [pair]
        here = laptop.translate("Good morning!", source=source, target=target).json
    deployment = run(Recorded(), models=[{"folder": str(tmp_path / name)}], batch=True)
    assert list(deployment.exports["endpoints"]) == [pair]
    endpoint, batch = (model.inputs["primaryContainer"] for model in deployment.all("Model"))
    metrics = {"SERVING_METRICS_NAMESPACE": f"{PROJECT}-test"}  # of who answers callers only
    assert endpoint == {**batch, "environment": batch["environment"] | metrics}
    path = unpacked(deployment.one("BucketObjectv2").inputs["source"].path, tmp_path / "cloud")
    with Server(path, **endpoint["environment"]) as container:
        assert container.translate("Good morning!", source=source, target=target).json == here


def test_an_archive_in_s3_is_told_its_pair(tmp_path):
    models = [{"archive": "s3://ours/en_fr/model.tar.gz", "pair": "en_fr"}]
    for model in run(Recorded(), models=models, batch=True).all("Model"):
        assert model.inputs["primaryContainer"]["environment"]["SERVING_PAIR"] == "en_fr"


def test_an_archive_with_the_folder_inside_starts_too(tmp_path):
    plain(tmp_path / "model" / "en_de")
    with Server(tmp_path / "model", SERVING_PAIR="en_de") as container:
        assert container.translate("Good morning!").status == 200


def refusal(folder, **entry):
    with pytest.raises(SettingsError) as raised:
        run(Recorded(), models=[{"folder": str(folder), **entry}])
    return str(raised.value)


def test_a_name_that_contradicts_the_manifest_is_refused_here_and_there(tmp_path):
    plain(tmp_path / "en_de")
    (tmp_path / "en_de" / "model.json").write_text('{"source": "fr", "target": "en"}')
    sentence = (
        f"{tmp_path}/en_de: model.json says fr_en, but the folder's name says en_de. "
        "Correct one of them."
    )
    assert refusal(tmp_path / "en_de") == f"models[0].folder: {sentence}"
    command = [sys.executable, "-m", "serving", "--models", tmp_path, "--list"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, f"serving: {sentence}\n")


def test_a_pair_that_contradicts_the_manifest_is_refused(tmp_path):
    plain(tmp_path / "ours")
    (tmp_path / "ours" / "model.json").write_text('{"source": "fr", "target": "en"}')
    assert "pair says en_fr, but model.json says fr_en" in refusal(tmp_path / "ours", pair="en_fr")


def test_a_folder_that_tells_no_pair_needs_one(tmp_path):
    plain(tmp_path / "ours")
    assert "'ours' names no pair" in refusal(tmp_path / "ours")
    deployment = run(Recorded(), models=[{"folder": str(tmp_path / "ours"), "pair": "en_de"}])
    assert list(deployment.exports["endpoints"]) == ["en_de"]


def test_an_environment_that_contradicts_the_pair_is_refused(tmp_path):
    text = refusal(EN_DE, environment={"SERVING_PAIR": "en_fr"})
    assert text == (
        "models[0].environment.SERVING_PAIR is 'en_fr', but the pair is en_de. Remove it,"
        " the stack sets it."
    )
