"""--file and --output: in order, byte-exact, resumable."""

import hashlib
import json
import re
import signal
import textwrap
from pathlib import Path

import pytest

from client import text_file
from client.errors import Refused
from client.text_file import examine
from client.transport import Limits
from tests.client.front import Front, answer
from tests.client.running import CommandLine, wait_for
from tests.running import Server

LINES = 2000
CHUNK_LINES = Limits().texts


@pytest.fixture
def slow(pseudo):
    """A front before the pseudo-localiser, whose gate a test may close."""
    with Front(pseudo.url) as front:
        yield front


@pytest.fixture
def cli(slow):
    return CommandLine(TRANSLATE_URL=slow.url, TRANSLATE_TARGET="en-XA")


@pytest.fixture
def source(tmp_path) -> Path:
    path = tmp_path / "in.txt"
    path.write_text("".join(f"Line {number}\n" for number in range(LINES)))
    return path


def numbers(output: Path) -> list[str]:
    return re.findall(r"\d+", output.read_text())


def interrupted(cli, front, source, output, after: int, how: int = signal.SIGINT) -> int:
    """Runs until ``after`` chunks are through, then sends the signal. The exit code."""
    front.gate = type(front.gate)(after)
    journal = output.with_name("out.txt.journal.part")
    with cli.start("--file", source, "--output", output) as process:
        wait_for(lambda: journal.exists() and journal.read_bytes().count(b"\n") == after + 1)
        process.send_signal(how)
        process.communicate(timeout=20)
    front.gate.release(10_000)
    assert not output.exists()
    return process.returncode


def test_lines_come_back_in_order_and_nothing_is_left_over(cli, source, tmp_path):
    output = tmp_path / "out.txt"
    end = cli.run("--file", source, "--output", output)
    assert (end.code, end.out, end.err) == (0, b"", "")
    assert numbers(output) == list(map(str, range(LINES)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.txt", "out.txt"]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        b"one",
        b"one\r\ntwo\r\n",
        b"one\r\n\n\r\ntwo\rthree\n",
        b"\xef\xbb\xbfone\n",
        "a\u2028b\x0bc\x85d\n".encode(),
        b"  two spaces \t\n",
        b"one\n" * 200 + b"last",
    ],
    ids=repr,
)
def test_the_line_structure_is_byte_exact(cli, tmp_path, text):
    source, output = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_bytes(text)
    assert cli.run("--file", source, "--output", output).code == 0
    assert skeleton(output.read_bytes()) == skeleton(text)


def skeleton(text: bytes) -> list[str]:
    """White space and byte order marks, without the pseudo-localiser's padding."""
    unpadded = re.sub(r" ~*\]", "", text.decode())
    return [letter for letter in unpadded if letter.isspace() or letter == "\ufeff"]


def test_without_output_it_goes_to_standard_output(cli, source):
    end = cli.run("--file", source)
    assert re.findall(r"\d+", end.text) == list(map(str, range(LINES)))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=str)
def test_an_interrupted_run_goes_on_without_repeating_a_chunk(cli, slow, source, tmp_path, how):
    output = tmp_path / "out.txt"
    code = interrupted(cli, slow, source, output, after=7, how=how)
    assert code == {signal.SIGINT: 130, signal.SIGKILL: -signal.SIGKILL}[how]
    slow.bodies.clear()
    end = cli.run("--file", source, "--output", output)
    assert (end.code, end.err) == (0, f"{output}: going on after 7 finished chunks.\n")
    # A request of the run before may come by this late: what it asks for was not finished.
    assert len(set(slow.texts())) == LINES - 7 * CHUNK_LINES
    assert numbers(output) == list(map(str, range(LINES)))


def test_the_hint_says_how_to_go_on(cli, slow, source, tmp_path):
    slow.gate = type(slow.gate)(0)
    with cli.start("--file", source, "--output", tmp_path / "out.txt") as process:
        wait_for(lambda: slow.bodies)
        process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=20)[1]
    slow.gate.release(100)
    assert err == b"translate.py: Interrupted. The same command goes on from here.\n"


def test_chunks_finished_out_of_order_are_kept(cli, slow, source, tmp_path):
    """The first request fails for good while later ones come through."""
    slow.script.append(answer(500, {"error": {"code": "x", "message": "The server failed."}}))
    output = tmp_path / "out.txt"
    end = cli.run("--file", source, "--output", output)
    assert (end.code, end.err) == (5, "translate.py: The server failed.\n")
    kept = len((tmp_path / "out.txt.journal.part").read_text().splitlines()) - 1
    slow.bodies.clear()
    assert cli.run("--file", source, "--output", output).code == 0
    # By first lines: a request of the first run may reach the server late.
    sent = {body["texts"][0] for body in slow.bodies}
    assert len(sent) == -(-LINES // CHUNK_LINES) - kept
    assert numbers(output) == list(map(str, range(LINES)))


def test_a_journal_cut_off_in_a_line_loses_that_chunk_only(cli, slow, source, tmp_path):
    output = tmp_path / "out.txt"
    interrupted(cli, slow, source, output, after=5)
    journal = tmp_path / "out.txt.journal.part"
    journal.write_bytes(journal.read_bytes()[:-9])
    slow.bodies.clear()
    end = cli.run("--file", source, "--output", output)
    assert end.err == f"{output}: going on after 4 finished chunks.\n"
    assert numbers(output) == list(map(str, range(LINES)))


def test_a_changed_input_starts_over(cli, slow, source, tmp_path):
    output = tmp_path / "out.txt"
    interrupted(cli, slow, source, output, after=3)
    source.write_text(source.read_text().replace("Line 0\n", "Line 5000\n"))
    end = cli.run("--file", source, "--output", output)
    assert "input, pair, service or settings differ" in end.err
    assert numbers(output)[:2] == ["5000", "1"]


def test_another_pair_starts_over(cli, slow, source, tmp_path, server):
    output = tmp_path / "out.txt"
    interrupted(cli, slow, source, output, after=3)
    slow.behind = server.url
    end = cli.run("--pair", "en_de", "--file", source, "--output", output)
    assert (end.code, "starting over" in end.err) == (0, True)
    assert "[" not in output.read_text()


def test_two_runs_never_write_one_output(cli, slow, source, tmp_path):
    output = tmp_path / "out.txt"
    slow.gate = type(slow.gate)(0)
    with cli.start("--file", source, "--output", output) as process:
        wait_for(lambda: slow.bodies)
        end = cli.run("--file", source, "--output", output)
        slow.gate.release(10_000)
        process.communicate(timeout=60)
    assert (end.code, "Another run is writing" in end.err) == (2, True)
    assert (process.returncode, len(numbers(output))) == (0, LINES)


def test_an_input_that_changes_meanwhile_is_refused(cli, slow, source, tmp_path):
    slow.gate = type(slow.gate)(0)
    with cli.start("--file", source, "--output", tmp_path / "out.txt") as process:
        wait_for(lambda: slow.bodies)
        with source.open("a") as file:
            file.write("one more\n")
        slow.gate.release(10_000)
        err = process.communicate(timeout=60)[1].decode()
    assert (process.returncode, err) == (
        2,
        f"translate.py: {source} changed while it was translated. Run it again.\n",
    )
    assert not (tmp_path / "out.txt").exists()


def test_the_output_before_stays_until_the_new_one_is_whole(cli, slow, source, tmp_path):
    output = tmp_path / "out.txt"
    output.write_text("before")
    slow.script.append(answer(500, {"error": {"code": "x", "message": "The server failed."}}))
    assert cli.run("--file", source, "--output", output).code == 5
    assert output.read_text() == "before"
    assert cli.run("--file", source, "--output", output).code == 0
    assert len(numbers(output)) == LINES


def test_a_terminal_shows_a_bar(cli, source, tmp_path):
    end = cli.run_on_terminal("--file", source, "--output", tmp_path / "out.txt")
    assert (end.code, "in.txt: 100%|" in end.err) == (0, True)


def test_bytes_that_are_not_utf_8_are_refused_before_anything_is_sent(cli, slow, source, tmp_path):
    source.write_bytes(source.read_bytes() + b"na\xefve\n")
    end = cli.run("--file", source, "--output", tmp_path / "out.txt")
    assert (end.code, slow.bodies) == (4, [])
    assert end.err == (
        f"translate.py: {source}, line 2001 is not UTF-8 (byte 0xef at column 3). "
        "Convert the text first, for example with iconv.\n"
    )


def test_a_character_may_lie_where_pieces_of_the_file_meet(tmp_path, monkeypatch):
    monkeypatch.setattr(text_file, "_PIECE", 3)
    content = "aé€\n😀b\nç".encode()
    path = tmp_path / "in.txt"
    path.write_bytes(content)
    assert examine(path).sha256 == hashlib.sha256(content).hexdigest()
    path.write_bytes(content[:-1])
    with pytest.raises(Refused, match=r"line 3 is not UTF-8 \(byte 0xc3 at column 1\)"):
        examine(path)


def test_a_line_larger_than_a_request_is_cut_at_sentences(cli, slow, source):
    """Of 400 kB, which no server takes at once."""
    sentence = "Line {} is here, said Mr. Smith of St. Ives. "
    text = "".join(sentence.format(number) for number in range(9000)).rstrip()
    source.write_text(f"short\n{text}\r\nshort")
    output = source.with_name("out.txt")
    assert cli.run("--file", source, "--output", output).code == 0
    assert numbers(output) == [str(number) for number in range(9000)]
    assert output.read_bytes().count(b"\n") == 2
    long = [text for text in slow.texts() if text != "short"]
    assert max(map(len, long)) <= Limits().characters
    assert {text.rstrip()[-5:] for text in long} == {"Ives."}


@pytest.mark.parametrize("output", [True, False])
def test_a_wrapped_paragraph_is_one_text_and_wrapped_again(cli, slow, tmp_path, output):
    words = [f"word{number}" for number in range(40)]
    paragraph = textwrap.fill(" ".join(words), 60)
    source, target = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_text(f"A title\n\n{paragraph}\n\nShort\nlines\n")
    end = cli.run("--file", source, *(["--output", target] if output else []))
    assert (end.code, slow.texts()) == (0, ["A title", "", paragraph, "", "Short", "lines"])
    lines = (target.read_text() if output else end.text).splitlines()
    assert re.findall(r"\d+", " ".join(lines)) == [str(number) for number in range(40)]
    assert lines[1] == lines[-3] == ""
    assert len(lines) > 10 and max(len(own) for own in lines if "~~" not in own) <= 60


def test_lines_are_texts_where_they_are_counted(cli, slow, tmp_path):
    paragraph = textwrap.fill(" ".join(["word"] * 40), 60)
    (tmp_path / "in.txt").write_text(paragraph)
    cli.run("--file", tmp_path / "in.txt", "--json")
    cli.run(stdin=paragraph.encode())
    cli.run("--file", tmp_path / "in.txt", "--split", "none", "--output", tmp_path / "out.txt")
    assert slow.texts() == paragraph.splitlines() * 3


def test_a_server_with_small_limits_gets_small_requests(tmp_path, pseudo):
    small = {"SERVING_MAX_CHARACTERS": "60", "SERVING_MAX_TOKENS": "50", "SERVING_MAX_TEXTS": "2"}
    (tmp_path / "models" / "en_en-XA").mkdir(parents=True)
    source, output = tmp_path / "in.txt", tmp_path / "out.txt"
    lines = [f"Line {number}, and a few words more." for number in range(9)]
    source.write_text("\n".join([*lines, " ".join(lines)]))
    with Server(tmp_path / "models", **small) as server, Front(server.url) as front:
        cli = CommandLine(TRANSLATE_URL=front.url, TRANSLATE_TARGET="en-XA")
        end = cli.run("--file", source, "--output", output)
    assert (end.code, end.err) == (0, "")
    assert numbers(output) == list("012345678" * 2)
    assert all(sum(map(len, body["texts"])) <= 50 for body in front.bodies)
    assert all(len(body["texts"]) <= 2 for body in front.bodies)


def test_a_refusal_names_its_lines(cli, source, tmp_path):
    source.write_bytes(b"fine\n" * 64 + b"a NUL: \0\n")
    end = cli.run("--file", source, "--output", tmp_path / "out.txt")
    assert (end.code, end.err.startswith(f"translate.py: {source}, line 65 to 65: ")) == (4, True)


def test_warnings_name_their_lines_and_are_not_too_many(tmp_path):
    source, output = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_text("x\n" * 8)
    translations = [{"text": "x", "warnings": ["Cut off."]}] * 8
    with Front() as front:
        front.script.append(answer(200, {"translations": translations}))
        end = CommandLine().run("--url", front.url, "--file", source, "--output", output)
    assert end.err.splitlines() == [
        *(f"Warning: {source}, line {number}: Cut off." for number in range(1, 6)),
        "… and 3 more warnings.",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--output", "x"], "--file IN --output OUT goes without texts."),
        (["--file", "{in}", "--output", "{in}"], "{in} is the input itself. Name another"),
        (["--file", "/no/such", "--output", "x"], "/no/such: No such file or directory."),
        (["--file", "/tmp", "--output", "x"], "/tmp: Is a directory."),
        (["--file", "{in}", "--output", "/no/such/out"], "/no/such is no folder. Make it first"),
        (["--file", "{in}", "--output", "/dev/null/out"], "/dev/null/out: Not a directory."),
        (["--file", "{in}", "--output", "x", "--json"], "--json goes to standard output."),
    ],
    ids=str,
)
def test_mistakes_with_files(cli, source, arguments, message):
    end = cli.run(*(argument.format(**{"in": source}) for argument in arguments))
    assert end.code == 2
    assert end.err.startswith("translate.py: ") and end.err.count("\n") == 1
    assert message.format(**{"in": source}) in end.err


def test_the_journal_holds_nothing_but_the_translation(cli, slow, source, tmp_path):
    output = tmp_path / "out.txt"
    interrupted(cli, slow, source, output, after=1)
    header, record = map(json.loads, (tmp_path / "out.txt.journal.part").read_text().splitlines())
    assert sorted(header) == ["format", "limits", "pair", "service", "sha256", "wishes"]
    assert sorted(record) == ["chunk", "text", "warnings"]
