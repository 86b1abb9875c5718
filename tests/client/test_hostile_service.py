"""A service that answers whatever it likes, and files and streams in whatever state."""

import os
import pty
import socket
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from client import web
from client.errors import Busy, ServiceFailed
from client.journal import Journal, read_record
from client.terminal import harmless
from tests.client.front import Front, answer
from tests.client.running import SCRIPT, CommandLine
from tests.client.test_failures import one_sentence
from tests.running import Reply

DEEP = b"[" * 200_000
ELSE = "{url} answered with something else than a translation."
ESCAPES = "\x1b[2J\x1b]0;owned\x07 \x9b31m \x7f\r"


@pytest.fixture
def alone():
    """A front with nothing behind it."""
    with Front() as front:
        yield front


@pytest.fixture
def cli(alone) -> CommandLine:
    return CommandLine(TRANSLATE_URL=alone.url)


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(200, {}, DEEP), ELSE),
        (Reply(500, {}, DEEP), "{url}/invocations answered with status 500."),
        (Reply(200, {}, b'{"translations": [{"text": "\\ud800"}]}'), ELSE),
        (answer(200, {"translations": [{"text": "a", "warnings": 5}]}), ELSE),
    ],
    ids=["deep", "deep error", "half a pair", "warnings"],
)
def test_answers_that_are_no_translation(alone, cli, reply, message):
    alone.script.append(reply)
    end = cli.run("Hello")
    assert (end.code, one_sentence(end)) == (5, message.format(url=alone.url))


@pytest.mark.parametrize("warnings", [5, [5], {"a": "b"}, "unsure"])
def test_warnings_of_the_public_api_that_are_none(alone, warnings):
    alone.script.append(answer(200, {"translatedText": ["a"], "warnings": warnings}))
    end = CommandLine(TRANSLATE_URL=f"{alone.url}/translate").run("Hello")
    assert (end.code, one_sentence(end)) == (5, ELSE.format(url=alone.url))


@pytest.mark.parametrize(
    "models", [5, ["x"], [{"pair": 1}], {"a": "b"}, [{"pair": "\ud800"}], None]
)
def test_lists_that_are_none(alone, cli, models):
    alone.lists.append(answer(200, {"models": models}))
    end = cli.run("--list")
    assert (end.code, one_sentence(end)) == (5, ELSE.format(url=alone.url))


def endless(chunk: bytes, pause: float = 0.0) -> str:
    """The URL of a service whose answer has no end."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with closing(listener), listener.accept()[0] as connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            stop = threading.Event()
            try:
                while not stop.wait(pause):
                    connection.sendall(chunk)
            except OSError:
                pass

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_an_endless_answer_is_not_kept():
    url = endless(b" " * (1 << 20))
    with pytest.raises(ServiceFailed, match=f"{url} answered more than 64000000 bytes"):
        web.fetch(url)


def test_a_dripping_answer_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(web, "_ANSWER_SECONDS", 0.3)
    url = endless(b" ", pause=0.05)
    with pytest.raises(Busy, match=r"The answer of .* did not end in 0.3 s."):
        web.fetch(url)


def test_an_answer_that_is_cut_off_is_asked_again(alone):
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with closing(listener), listener.accept()[0] as connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")

    threading.Thread(target=serve, daemon=True).start()
    with pytest.raises(Busy, match="was lost before an answer came"):
        web.fetch(f"http://127.0.0.1:{listener.getsockname()[1]}")


def controls(text: str) -> set[str]:
    return {character for character in text if character in "\x00\x07\x1b\x7f\x9b"}


def test_a_terminal_is_sent_no_control_characters(alone, cli):
    sentence = f"Broken {ESCAPES}\nand more"
    alone.script.append(answer(400, {"error": {"message": sentence}}))
    end = cli.run_on_terminal("Hello")
    assert (end.code, controls(end.err)) == (4, set())
    assert end.err.count("\n") == 1
    warned = {"translations": [{"text": "a", "warnings": [ESCAPES]}]}
    alone.script.append(answer(200, warned))
    assert controls(cli.run_on_terminal("Hello").err) == set()


def test_a_file_gets_them_as_they_are(alone, cli):
    alone.script.append(answer(200, {"translations": [{"text": ESCAPES}]}))
    assert cli.run("Hello").text == f"{ESCAPES}\n"


def test_what_a_terminal_obeys_is_replaced():
    assert harmless("a\x1b[1mb\tc\r\nd\re\x9bf\u200d") == "a\ufffd[1mb\tc\r\nd\ufffde\ufffdf\u200d"


def test_a_translation_on_a_terminal(alone, cli):
    alone.script.append(answer(200, {"translations": [{"text": f"Hallo{ESCAPES}"}]}))
    ours, theirs = pty.openpty()
    with cli.start("Hello", stdout=theirs) as process:
        process.wait(60)
    shown = os.read(ours, 4096).decode()
    os.close(theirs)
    os.close(ours)
    assert shown.startswith("Hallo\ufffd[2J")
    assert controls(shown) == set()


@pytest.mark.parametrize(
    ("closed", "arguments", "code", "message"),
    [
        ("<&-", "", 0, ""),
        (">&-", "Hello", 2, "writing: Bad file descriptor."),
        (">&-", "--help", 2, "writing: Bad file descriptor."),
        ("2>&-", "Hello", 0, ""),
        ("2>&-", "--nonsense", 2, ""),
        ("2>/dev/full", "--nonsense", 2, ""),
        (">/dev/full", "Hello", 2, "writing: No space left on device."),
        (">/dev/full", "--help", 2, "writing: No space left on device."),
        ("<&- >&- 2>&-", "Hello", 2, ""),
    ],
)
def test_closed_and_full_streams(alone, cli, closed, arguments, code, message):
    alone.script.append(answer(200, {"translations": [{"text": "Hallo"}]}))
    shell = f"exec {sys.executable} {SCRIPT} {arguments} {closed}"
    done = subprocess.run(["sh", "-c", shell], env=cli.environment, capture_output=True, timeout=60)
    assert (done.returncode, message in done.stderr.decode()) == (code, True), done.stderr
    assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 200_000,
        b"{}",
        b'{"chunk": 1}',
        b'{"chunk": "1", "text": "", "warnings": []}',
        b'{"chunk": 1, "text": 1, "warnings": []}',
        b'{"chunk": 1, "text": "\\ud800", "warnings": []}',
        b'{"chunk": 1, "text": "", "warnings": 1}',
        b'{"chunk": 1, "text": "", "warnings": [1]}',
        b"\xff",
        b"9" * 5000,
    ],
    ids=lambda line: repr(line[:40]),
)
def test_a_damaged_journal_is_used_up_to_there(tmp_path, line):
    path, header = tmp_path / "x.journal.part", {"format": 1}
    with Journal(path, header) as journal:
        journal.add(0, "whole\n", [])
    path.write_bytes(path.read_bytes() + line + b"\n")
    with Journal(path, header) as journal:
        assert [record["text"] for record in journal.records()] == ["whole\n"]
        journal.add(1, "next\n", [])
        assert [record["text"] for record in journal.records()] == ["whole\n", "next\n"]
    assert read_record(line + b"\n").get("file") is None


def test_a_journal_of_other_chunks_is_said(alone, cli, tmp_path):
    source, output = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_text("Hello\n")
    alone.script.append(answer(400, {"error": "No"}))
    assert cli.run("--file", source, "--output", output).code == 4
    journal = tmp_path / "out.txt.journal.part"
    with journal.open("a") as file:
        file.write('{"chunk": 7, "text": "x", "warnings": []}\n')
    alone.script.append(answer(200, {"translations": [{"text": "Hallo"}]}))
    end = cli.run("--file", source, "--output", output)
    assert (end.code, output.exists()) == (2, False)
    assert f"{journal} is damaged. Remove it, and run the command again." in end.err


def test_a_damaged_list_of_finished_files_is_no_traceback(alone, cli, tmp_path):
    source, output = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    output.mkdir()
    (source / "a.txt").write_text("Hello\n")
    (output / ".translated.jsonl").write_bytes(b'{"x": 1}\n[]\n' + DEEP + b"\n")
    alone.script.append(answer(200, {"translations": [{"text": "Hallo"}]}))
    end = cli.run("batch", source, output)
    assert (end.code, (output / "a.txt.out").read_text()) == (0, "Hallo\n"), end.err
