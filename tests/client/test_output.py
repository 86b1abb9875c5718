"""What --output may name, and what stays as it was."""

import os
import stat
import threading
from pathlib import Path

import pytest

from tests.client.front import Front
from tests.client.running import CommandLine

TEXT = b"Hello\nyou\n"


@pytest.fixture
def cli(pseudo_cli) -> CommandLine:
    return pseudo_cli


@pytest.fixture
def source(tmp_path) -> Path:
    path = tmp_path / "in.txt"
    path.write_bytes(TEXT)
    return path


@pytest.fixture
def translated(cli, source) -> bytes:
    return cli.run("--file", source).out


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("before", [0o600, 0o640, 0o644, 0o666])
def test_a_file_keeps_its_mode(cli, source, translated, tmp_path, before):
    output = tmp_path / "out.txt"
    output.write_bytes(b"before")
    output.chmod(before)
    assert cli.run("--file", source, "--output", output).code == 0
    assert (output.read_bytes(), mode(output)) == (translated, before)


def test_a_new_file_gets_the_mode_of_new_files(cli, source, tmp_path):
    (tmp_path / "other").touch()
    assert cli.run("--file", source, "--output", tmp_path / "out.txt").code == 0
    assert mode(tmp_path / "out.txt") == mode(tmp_path / "other")


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_stays_and_its_file_is_replaced(cli, source, translated, tmp_path, exists):
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "out.txt", tmp_path / "link.txt"
    if exists:
        target.write_bytes(b"before")
    link.symlink_to("far/out.txt")
    assert cli.run("--file", source, "--output", link).code == 0
    assert link.is_symlink()
    assert target.read_bytes() == translated
    assert [path.name for path in target.parent.iterdir()] == ["out.txt"]


@pytest.mark.parametrize("planted", ["out.txt.part", "out.txt.journal.part"])
def test_a_planted_link_is_not_followed(cli, source, translated, tmp_path, planted):
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / planted).symlink_to(victim)
    end = cli.run("--file", source, "--output", tmp_path / "out.txt")
    assert victim.read_bytes() == b"precious"
    if "journal" in planted:
        assert (end.code, "a link, a pipe or a device. Remove it." in end.err) == (2, True)
    else:
        assert (tmp_path / "out.txt").read_bytes() == translated


def test_a_planted_pipe_does_not_hold_it(cli, source, tmp_path):
    os.mkfifo(tmp_path / "out.txt.journal.part")
    end = cli.run("--file", source, "--output", tmp_path / "out.txt")
    assert (end.code, "a link, a pipe or a device. Remove it." in end.err) == (2, True)


def test_a_pipe_gets_the_translation(cli, source, translated, tmp_path):
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert cli.run("--file", source, "--output", pipe).code == 0
    reader.join(10)
    assert got == [translated]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.txt", "pipe"]


def device(path: Path, minor: int) -> Path:
    """Of our own: were the machine's replaced by a file, the machine would be broken."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, minor))
        path.open("r+b").close()
    except OSError:
        pytest.skip("making a device takes root")
    return path


def test_a_device_stays_a_device(cli, source, tmp_path):
    null = device(tmp_path / "null", 3)
    assert cli.run("--file", source, "--output", null).code == 0
    assert stat.S_ISCHR(null.stat().st_mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.txt", "null"]


def test_a_full_device_is_one_sentence(cli, source, tmp_path):
    end = cli.run("--file", source, "--output", device(tmp_path / "full", 7))
    assert (end.code, end.err) == (2, "translate.py: writing: No space left on device.\n")


def test_a_folder_is_refused_before_any_work(source, tmp_path):
    with Front() as front:
        cli = CommandLine(TRANSLATE_URL=front.url)
        end = cli.run("--file", source, "--output", tmp_path)
    assert (end.code, front.bodies) == (2, [])
    assert end.err == f"translate.py: {tmp_path} is a folder. Name a file for --output.\n"


def test_links_in_a_circle_are_one_sentence(cli, source, tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    end = cli.run("--file", source, "--output", tmp_path / "a")
    assert end.code == 2
    assert end.err == f"translate.py: {tmp_path / 'a'}: Too many levels of symbolic links.\n"


def test_an_input_that_cannot_be_read_twice_is_refused(cli, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    end = cli.run("--file", tmp_path / "pipe", "--output", tmp_path / "out.txt")
    assert end.code == 2
    assert f"Translate it as standard input: < {tmp_path / 'pipe'}." in end.err


def test_the_journal_is_private(source, tmp_path):
    with Front() as front:
        cli = CommandLine(TRANSLATE_URL=front.url)
        end = cli.run("--patience", 0, "--file", source, "--output", tmp_path / "out.txt")
    assert end.code == 5
    assert mode(tmp_path / "out.txt.journal.part") == 0o600
