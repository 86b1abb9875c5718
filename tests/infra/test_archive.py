"""The archive is what the manifest says, and the same bytes for the same files."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from infra.archive import ArchiveError, build_archive, folder_size, smallest_memory
from tests.running import MODELS, ROOT


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


@pytest.mark.parametrize("pair", ["en_de", "de_en"])
def test_the_model_tools_pack_the_same_bytes(pair, tmp_path):
    ours = build_archive(MODELS / pair, tmp_path)
    theirs = tmp_path / "theirs.tar.gz"
    pack = [sys.executable, "-m", "models", "pack", str(MODELS / pair), str(theirs)]
    subprocess.run(pack, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    assert ours.path.read_bytes() == theirs.read_bytes()


def manifest(folder, **files):
    (folder / "model.json").write_text(json.dumps({"files": files}))


def refusal(folder, cache) -> str:
    with pytest.raises(ArchiveError) as raised:
        build_archive(folder, cache)
    assert not list(cache.glob("*"))
    return str(raised.value)


def test_a_changed_file_is_refused(folder, tmp_path):
    wrong = {"sha256": "0" * 64, "size": 6}
    manifest(folder, **{"sentencepiece.model": wrong, "ctranslate2_model/model.bin": wrong})
    text = refusal(folder, tmp_path / "cache")
    assert text.startswith(f"{folder}/ctranslate2_model/model.bin has the sha256 ")
    assert text.endswith("write a new manifest if you changed it")


def test_a_missing_file_is_refused(folder, tmp_path):
    manifest(folder, **{"lost.bin": {"sha256": "0" * 64}})
    (folder / "sentencepiece.model").unlink()
    (folder / "ctranslate2_model" / "model.bin").unlink()
    assert "lost.bin is missing, yet listed in model.json" in refusal(folder, tmp_path / "cache")


def test_an_unlisted_file_is_refused(folder, tmp_path):
    manifest(folder)
    text = refusal(folder, tmp_path / "cache")
    assert "ctranslate2_model/model.bin is not listed in model.json: make the two agree" in text


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"files": {"a": {}}}', '{"files": 1}'])
def test_an_unusable_manifest_is_refused(folder, tmp_path, text):
    (folder / "model.json").write_text(text)
    assert "has no usable list of files" in refusal(folder, tmp_path / "cache")


def test_a_link_is_refused(folder, tmp_path):
    (folder / "link").symlink_to("/etc/passwd")
    assert refusal(folder, tmp_path / "cache").endswith("is a link: put the file itself there")


def test_an_empty_folder_is_refused(tmp_path):
    (tmp_path / "en_fr").mkdir()
    assert "holds no files" in refusal(tmp_path / "en_fr", tmp_path / "cache")


@pytest.mark.parametrize(
    "megabytes, memory",
    [(0, 1024), (16, 1024), (255, 1024), (257, 2048), (620, 2048), (2800, 6144)],
)
def test_the_smallest_memory_leaves_room_to_work(megabytes, memory):
    assert smallest_memory(megabytes * 1_000_000) == memory


def test_the_embedded_models_fit_the_smallest_endpoint():
    assert smallest_memory(folder_size(MODELS / "en_de")) == 1024
