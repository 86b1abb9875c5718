"""`model.json`: written, read, and compared with the files."""

import json

import pytest

from models import manifest
from models.errors import ModelError
from models.manifest import Manifest


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ctranslate2_model").mkdir()
    (tmp_path / "ctranslate2_model" / "model.bin").write_bytes(b"weights")
    (tmp_path / "sentencepiece.model").write_bytes(b"pieces")
    facts = Manifest(name="tiny", version="1", source="en", target="fr", license="CC0-1.0")
    manifest.write(tmp_path, facts)
    return tmp_path


def change(folder, **values):
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_a_written_manifest_verifies_and_lists_every_file(folder):
    found = manifest.verify(folder)
    assert sorted(found.files) == ["ctranslate2_model/model.bin", "sentencepiece.model"]
    assert found.files["sentencepiece.model"]["size"] == 6


def test_hidden_files_are_not_part_of_a_model(folder):
    (folder / ".DS_Store").write_bytes(b"x")
    assert manifest.verify(folder).name == "tiny"


def flip(folder):
    (folder / "ctranslate2_model" / "model.bin").write_bytes(b"weightz")


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (flip, r"model\.bin is not the file that model\.json lists \(7 bytes"),
        (lambda f: (f / "sentencepiece.model").unlink(), "is listed in model.json but missing"),
        (lambda f: (f / "more.bin").write_bytes(b"x"), r"more\.bin is not listed in model\.json"),
        (lambda f: (f / "l").symlink_to("model.json"), "is a link: put the file itself there"),
        (lambda f: (f / "model.json").unlink(), "has no model.json: run `python -m models add"),
        (lambda f: (f / "model.json").write_text("{"), "is not JSON"),
        (lambda f: (f / "model.json").write_text("[]"), "has to be an object of .* found list"),
        (lambda f: change(f, licence="x"), r"found \['licence'\]"),
        (lambda f: change(f, license=""), "'license' has to be a text, not ''"),
    ],
)
def test_each_difference_is_refused_by_name(folder, damage, sentence):
    damage(folder)
    with pytest.raises(ModelError, match=sentence):
        manifest.verify(folder)


def test_an_empty_folder_has_nothing_to_list(tmp_path):
    with pytest.raises(ModelError, match="holds no files"):
        manifest.hash_files(tmp_path)
