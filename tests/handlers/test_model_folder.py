"""Pairs, manifests and hashes of model folders."""

import hashlib
import json

import pytest

from handlers import ModelError, ModelFolder


def manifest(folder, **keys):
    folder.mkdir(exist_ok=True)
    (folder / "model.json").write_text(json.dumps(keys))
    return folder


def listed(folder):
    """``folder`` with a file and a manifest that lists it."""
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    return manifest(folder, files={"model.bin": {"sha256": digest, "size": 7}})


@pytest.mark.parametrize("name", ["en_de", "en_pt-BR", "zh-Hans_en"])
def test_the_pair_comes_from_the_name(tmp_path, name):
    (tmp_path / name).mkdir()
    assert ModelFolder(tmp_path / name).pair == name


def test_the_manifests_pair_wins_over_the_name(tmp_path):
    folder = ModelFolder(manifest(tmp_path / "en_de", source="fr", target="en"))
    assert (folder.source, folder.target) == ("fr", "en")


def test_an_argos_package_tells_its_pair_and_version(tmp_path):
    metadata = {"from_code": "en", "to_code": "fr", "package_version": "1.9"}
    (tmp_path / "metadata.json").write_text(json.dumps(metadata))
    folder = ModelFolder(tmp_path)
    assert (folder.pair, folder.version) == ("en_fr", "1.9")


def test_an_unaltered_folder_passes(tmp_path):
    ModelFolder(listed(tmp_path / "en_de")).verify()


def test_an_altered_file_is_refused_with_both_hashes(tmp_path):
    folder = listed(tmp_path / "en_de")
    (folder / "model.bin").write_bytes(b"weightz")
    found = hashlib.sha256(b"weightz").hexdigest()
    with pytest.raises(ModelError, match=f"model.bin is altered: its sha256 is {found}"):
        ModelFolder(folder).verify()


def test_a_missing_file_is_refused(tmp_path):
    folder = listed(tmp_path / "en_de")
    (folder / "model.bin").unlink()
    with pytest.raises(ModelError, match=r"model\.bin is missing"):
        ModelFolder(folder).verify()


def test_a_file_that_is_not_listed_is_refused(tmp_path):
    folder = listed(tmp_path / "en_de")
    (folder / "shared_vocabulary.json").write_text("[]")
    with pytest.raises(ModelError, match=r"shared_vocabulary\.json is not listed"):
        ModelFolder(folder).verify()


def test_the_hash_is_of_names_and_contents(tmp_path):
    first, second = listed(tmp_path / "en_de"), listed(tmp_path / "en_fr")
    assert ModelFolder(first).sha256 == ModelFolder(second).sha256
    (second / "model.bin").rename(second / "model2.bin")
    assert ModelFolder(first).sha256 != ModelFolder(second).sha256


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "is not JSON"),
        ("[]", "holds no JSON object"),
        ('{"version": 3}', '"version" is 3, but must be a string'),
        ('{"source_prefix": "x"}', "\"source_prefix\" is 'x', but must be a list of tokens"),
        ('{"files": []}', '"files" must map names'),
        ('{"files": {"a": {}}}', '"files" gives no "sha256" for \'a\''),
    ],
)
def test_a_malformed_manifest_is_refused(tmp_path, text, sentence):
    (tmp_path / "model.json").write_text(text)
    with pytest.raises(ModelError, match=sentence):
        ModelFolder(tmp_path, "en_de")
