"""Pairs, manifests and hashes of model folders."""

import hashlib
import json

import pytest

from model_folder import ModelError, ModelFolder


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


@pytest.mark.parametrize("name", ["models", "my-model", "English_German", "en_", "en_de_fr"])
def test_a_name_that_is_no_pair_tells_none(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(ModelError, match=f"'{name}' names no pair. Name the folder"):
        ModelFolder(tmp_path / name)


def test_the_manifest_tells_the_pair_where_the_name_does_not(tmp_path):
    assert ModelFolder(manifest(tmp_path / "ours", source="fr", target="en")).pair == "fr_en"


def test_who_asks_may_tell_the_pair(tmp_path):
    assert ModelFolder(tmp_path, "fr_en").pair == "fr_en"


def test_all_who_tell_the_pair_must_agree(tmp_path):
    folder = manifest(tmp_path / "en_de", source="fr", target="en")
    sentence = r"model\.json says fr_en, but the folder's name says en_de. Correct one"
    with pytest.raises(ModelError, match=sentence):
        ModelFolder(folder)
    with pytest.raises(ModelError, match=r"pair says en_de, but model\.json says fr_en"):
        ModelFolder(folder, "en_de")
    (tmp_path / "de_en").mkdir()
    with pytest.raises(ModelError, match="pair says en_de, but the folder's name says de_en"):
        ModelFolder(tmp_path / "de_en", "en_de")


def test_codes_know_no_case_and_the_manifests_spelling_is_kept(tmp_path):
    assert ModelFolder(manifest(tmp_path / "EN_pt-br", source="en", target="pt-BR")).pair == (
        "en_pt-BR"
    )


@pytest.mark.parametrize(("argos", "bcp47"), [("pb", "pt-BR"), ("zt", "zh-Hant")])
def test_argos_own_codes_are_read_as_bcp_47_wherever_they_stand(tmp_path, argos, bcp47):
    folder = tmp_path / f"en_{argos}"
    folder.mkdir()
    assert ModelFolder(folder).pair == ModelFolder(tmp_path, f"en_{argos}").pair == f"en_{bcp47}"
    (folder / "metadata.json").write_text(json.dumps({"from_code": "en", "to_code": argos}))
    assert ModelFolder(folder).pair == f"en_{bcp47}"


def test_a_pair_that_is_none_is_refused_with_who_said_so(tmp_path):
    folder = manifest(tmp_path / "en_de", source="English", target="German")
    with pytest.raises(ModelError, match=r"model\.json says 'English_German', which is no pair"):
        ModelFolder(folder)


def test_the_folder_one_stands_in_has_its_name(tmp_path, monkeypatch):
    (tmp_path / "en_de").mkdir()
    monkeypatch.chdir(tmp_path / "en_de")
    assert ModelFolder(".").pair == "en_de"


def test_no_folder_is_no_model(tmp_path):
    with pytest.raises(ModelError, match="en_de is no folder"):
        ModelFolder(tmp_path / "en_de")


def test_keys_of_newer_tools_are_let_through(tmp_path):
    folder = manifest(tmp_path / "en_de", terms={"number": "7"}, canary=[], confidence=0.5)
    assert ModelFolder(folder).manifest["confidence"] == 0.5


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
        ('{"masks": ["{0}"]}', r".masks. is \['\{0\}'\], but must be a list of words"),
        ('{"source_prefix": "x"}', "\"source_prefix\" is 'x', but must be a list of tokens"),
        ('{"peak_memory": -1}', '"peak_memory" is -1, but must be a number of bytes'),
        ('{"peak_memory": "1 GB"}', "\"peak_memory\" is '1 GB', but must be a number"),
        ('{"demonstration": "no"}', "\"demonstration\" is 'no', but must be true or false"),
        ('{"calibration": 1}', '"calibration" is 1, but must be {"intercept": number'),
        ('{"calibration": {"intercept": 1}}', '"calibration" is {'),
        ('{"calibration": {"intercept": 1, "weights": {"luck": 1}}}', '"calibration" is {'),
        ('{"calibration": {"intercept": 1, "weights": {"score": "2"}}}', '"calibration" is {'),
        ('{"calibration": {"intercept": 1, "weights": {}, "slope": 2}}', '"calibration" is {'),
        ("[" * 100_000, "is not JSON"),
        ('{"files": []}', '"files" must map names'),
        ('{"files": {"a": {}}}', '"files" gives no "sha256" for \'a\''),
    ],
)
def test_a_malformed_manifest_is_refused(tmp_path, text, sentence):
    (tmp_path / "model.json").write_text(text)
    with pytest.raises(ModelError, match=sentence):
        ModelFolder(tmp_path, "en_de")
