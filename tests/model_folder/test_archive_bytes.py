"""The archive: the same bytes for the same files, whatever their times and modes."""

import gzip
import os
import tarfile

import pytest

from model_folder.archive import write_archive


def build(folder, times):
    for name, text in {"b.txt": "b", "a/c.txt": "c", "a.txt": "a"}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (times, times))
    return folder


def test_same_files_give_the_same_bytes(tmp_path):
    first, second = tmp_path / "first.tar.gz", tmp_path / "second.tar.gz"
    write_archive(build(tmp_path / "x", 1), ["b.txt", "a/c.txt", "a.txt"], first)
    (build(tmp_path / "y", 2_000_000_000) / "a.txt").chmod(0o700)
    write_archive(tmp_path / "y", ["a.txt", "b.txt", "a/c.txt"], second)
    assert first.read_bytes() == second.read_bytes()


def test_members_lie_at_the_root_sorted_and_anonymous(tmp_path):
    target = tmp_path / "model.tar.gz"
    write_archive(build(tmp_path / "x", 7), ["b.txt", "a/c.txt", "a.txt"], target)
    with tarfile.open(target) as tar:
        members = tar.getmembers()
        assert tar.extractfile("a/c.txt").read() == b"c"
    assert [member.name for member in members] == ["a.txt", "a/c.txt", "b.txt"]
    assert {(m.uid, m.gid, m.uname, m.gname, m.mtime, m.mode) for m in members} == {
        (0, 0, "", "", 0, 0o644)
    }


def test_the_gzip_header_holds_no_name_and_no_time(tmp_path):
    target = tmp_path / "model.tar.gz"
    write_archive(build(tmp_path / "x", 7), ["a.txt"], target)
    header = target.read_bytes()[:10]
    assert header[3] == 0, "flags: no file name, no comment"
    assert header[4:8] == b"\0\0\0\0", "modification time"
    assert gzip.decompress(target.read_bytes())


def test_a_failed_pack_leaves_the_old_archive_alone(tmp_path):
    target = tmp_path / "model.tar.gz"
    target.write_bytes(b"old")
    with pytest.raises(FileNotFoundError, match=r"gone\.txt"):
        write_archive(build(tmp_path / "x", 7), ["a.txt", "gone.txt"], target)
    assert target.read_bytes() == b"old"
    assert not list(tmp_path.glob("*.part"))
