"""`model.json`, written and verified."""

import pytest

from handlers import ModelError
from models import manifest

FACTS = {"name": "tiny", "version": "1", "source": "en", "target": "fr", "license": "CC0-1.0"}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ctranslate2_model").mkdir()
    (tmp_path / "ctranslate2_model" / "model.bin").write_bytes(b"weights")
    (tmp_path / "sentencepiece.model").write_bytes(b"pieces")
    return tmp_path


def test_a_written_manifest_verifies_and_lists_every_file(folder):
    manifest.write(folder, FACTS)
    found = manifest.verify(folder).manifest["files"]
    assert list(found) == ["ctranslate2_model/model.bin", "sentencepiece.model"]
    assert found["sentencepiece.model"]["size"] == 6


def test_an_altered_file_is_refused_by_name(folder):
    manifest.write(folder, FACTS)
    (folder / "ctranslate2_model" / "model.bin").write_bytes(b"weightz")
    with pytest.raises(ModelError, match=r"model\.bin is altered"):
        manifest.verify(folder)


@pytest.mark.parametrize("key", manifest.REQUIRED)
def test_each_missing_fact_is_asked_for(folder, key):
    with pytest.raises(ModelError, match=f"needs '{key}'. Give it with --{key}"):
        manifest.write(folder, FACTS | {key: ""})


def test_a_link_is_refused(folder):
    (folder / "more.bin").symlink_to("/etc/hostname")
    with pytest.raises(ModelError, match=r"more\.bin is a link. Put the file itself there"):
        manifest.write(folder, FACTS)


def test_an_empty_folder_has_nothing_to_list(tmp_path):
    with pytest.raises(ModelError, match=r"holds no files"):
        manifest.write(tmp_path, FACTS)


def test_a_folder_without_hashes_does_not_verify(folder):
    (folder / "model.json").write_text('{"source": "en", "target": "fr"}')
    with pytest.raises(ModelError, match=r"that lists files. Write one with .* hash "):
        manifest.verify(folder)
