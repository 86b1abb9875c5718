"""The archive is what the manifest says, and the same bytes for the same files."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from model_folder import ModelError, ModelFolder
from model_folder import archive as archives
from tests.running import MODELS, ROOT


def build_archive(folder, cache):
    return archives.build_archive(ModelFolder(folder), cache)


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "en_fr"
    (made / "ctranslate2_model").mkdir(parents=True)
    (made / "ctranslate2_model" / "model.bin").write_bytes(bytes(range(256)) * 40)
    (made / "sentencepiece.model").write_bytes(b"pieces")
    (made / ".DS_Store").write_bytes(b"not ours")
    return made


def test_members_lie_at_the_root_without_times_or_owners(folder, tmp_path):
    with tarfile.open(build_archive(folder, tmp_path / "cache").path) as tar:
        members = tar.getmembers()
    assert [m.name for m in members] == ["ctranslate2_model/model.bin", "sentencepiece.model"]
    assert {(m.mtime, m.uid, m.gid, m.uname, m.gname, m.mode) for m in members} == {
        (0, 0, 0, "", "", 0o644)
    }


def test_times_and_order_change_nothing(folder, tmp_path):
    first = build_archive(folder, tmp_path / "a")
    os.utime(folder / "sentencepiece.model", (1, 1))
    second = build_archive(folder, tmp_path / "b")
    assert first.digest == second.digest
    assert first.path.read_bytes() == second.path.read_bytes()


def test_one_byte_changes_the_digest(folder, tmp_path):
    before = build_archive(folder, tmp_path)
    (folder / "sentencepiece.model").write_bytes(b"piecez")
    after = build_archive(folder, tmp_path)
    assert before.digest != after.digest
    assert before.path != after.path


def test_an_archive_is_built_once(folder, tmp_path):
    made = build_archive(folder, tmp_path).path
    stamp = made.stat().st_mtime_ns
    assert build_archive(folder, tmp_path).path.stat().st_mtime_ns == stamp


@pytest.mark.parametrize("pair", ["en_de", "de_en", "en_pt", "pt_en"])
def test_the_model_tools_pack_the_same_bytes(pair, tmp_path):
    ours = build_archive(MODELS / pair, tmp_path)
    theirs = tmp_path / "theirs.tar.gz"
    pack = [sys.executable, "-m", "models", "pack", str(MODELS / pair), str(theirs)]
    subprocess.run(pack, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    assert ours.path.read_bytes() == theirs.read_bytes()


def manifest(folder, **files):
    (folder / "model.json").write_text(json.dumps({"files": files}))


def refusal(folder, cache) -> str:
    with pytest.raises(ModelError) as raised:
        build_archive(folder, cache)
    assert not list(cache.glob("*"))
    return str(raised.value)


def test_a_changed_file_is_refused(folder, tmp_path):
    wrong = {"sha256": "0" * 64, "size": 6}
    manifest(folder, **{"sentencepiece.model": wrong, "ctranslate2_model/model.bin": wrong})
    text = refusal(folder, tmp_path / "cache")
    assert text.startswith(f"{folder}: ctranslate2_model/model.bin is altered: its sha256 is ")
    assert text.endswith(f"if the change is yours, run `python -m models hash {folder}`.")


def test_a_missing_file_is_refused(folder, tmp_path):
    manifest(folder, **{"lost.bin": {"sha256": "0" * 64}})
    (folder / "sentencepiece.model").unlink()
    (folder / "ctranslate2_model" / "model.bin").unlink()
    assert "lost.bin is missing. Copy the model folder again" in refusal(folder, tmp_path / "cache")


def test_an_unlisted_file_is_refused(folder, tmp_path):
    manifest(folder)
    text = refusal(folder, tmp_path / "cache")
    assert "ctranslate2_model/model.bin is not listed in model.json. Remove it, or list" in text


@pytest.mark.parametrize("text", ["{", "[]", '{"files": {"a": {}}}', '{"files": 1}'])
def test_an_unusable_manifest_is_refused(folder, tmp_path, text):
    (folder / "model.json").write_text(text)
    assert refusal(folder, tmp_path / "cache").startswith(f"{folder}/model.json")


def test_a_manifest_without_files_has_nothing_to_compare_with(folder, tmp_path):
    (folder / "model.json").write_text("{}")
    assert build_archive(folder, tmp_path).files == 3


def test_a_link_is_refused(folder, tmp_path):
    (folder / "link").symlink_to("/etc/passwd")
    assert refusal(folder, tmp_path / "cache").endswith("is a link. Put the file itself there.")


def test_an_empty_folder_is_a_folder_in_the_archive(tmp_path):
    (tmp_path / "en_fr").mkdir()
    found = build_archive(tmp_path / "en_fr", tmp_path / "cache")
    with tarfile.open(found.path) as tar:
        assert [(m.name, m.isdir(), m.mode) for m in tar] == [(".", True, 0o755)]
    assert found.files == 0


@pytest.mark.parametrize("hidden", [".DS_Store", ".cache/huggingface/x.lock", ".git/config"])
def test_hidden_files_are_neither_shipped_nor_compared(folder, tmp_path, hidden):
    (folder / hidden).parent.mkdir(parents=True, exist_ok=True)
    before = build_archive(folder, tmp_path / "a").digest
    (folder / hidden).write_bytes(b"not the model's")
    assert build_archive(folder, tmp_path / "b").digest == before


def test_two_stacks_may_pack_the_same_model_at_once(folder, tmp_path):
    other = tmp_path / "cache" / "en_fr.tar.gz.part"
    other.parent.mkdir()
    other.write_bytes(b"half")
    archives.write_archive(folder, ["sentencepiece.model"], tmp_path / "cache" / "en_fr.tar.gz")
    assert other.read_bytes() == b"half"
