"""Texts from arguments and standard input."""

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
import tomllib

import pytest

from client.pair import choose_pair
from tests.client.front import Front, answer
from tests.client.running import SCRIPT, CommandLine, wait_for
from tests.running import ROOT


def test_hello_world(cli):
    end = cli.run("Hello world!")
    assert (end.code, end.text, end.err) == (0, "Hallo Welt!\n", "")


def test_each_text_is_a_line(cli):
    assert cli.run("Hello world!", "Thank you.").text == "Hallo Welt!\nDanke.\n"


@pytest.mark.parametrize(
    "arguments", [["--pair", "de_en"], ["--source", "de", "--target", "en"]], ids=str
)
def test_the_pair_is_an_option(cli, arguments):
    assert cli.run(*arguments, "Guten Morgen.").text == "Good morning.\n"


def test_the_pair_comes_from_the_environment(server):
    cli = CommandLine(TRANSLATE_URL=server.url, TRANSLATE_SOURCE="de", TRANSLATE_TARGET="en")
    assert cli.run("Guten Morgen.").text == "Good morning.\n"


def test_pair_and_source_together_are_refused(cli):
    end = cli.run("--pair", "de_en", "--source", "de", "Hallo")
    assert end.code == 2
    assert end.err == "translate.py: --pair says it all. Leave out --source and --target.\n"


def test_standard_input_keeps_its_line_ends(cli):
    end = cli.run(stdin=b"\xef\xbb\xbfGood morning.\r\n\r\nThank you.\nThank you.")
    assert end.out == b"\xef\xbb\xbfGuten Morgen.\r\n\r\nDanke.\nDanke."


def test_nothing_on_standard_input_is_nothing(cli):
    end = cli.run()
    assert (end.code, end.out, end.err) == (0, b"", "")


@pytest.mark.parametrize(
    "arguments",
    [["--pair", "en-de"], ["-s", "en", "-t", "de-DE"], ["-s", "en_US", "-t", "de_AT"]],
    ids=str,
)
def test_codes_as_people_write_them(cli, arguments):
    assert cli.run(*arguments, "Hello world!").text == "Hallo Welt!\n"


@pytest.mark.parametrize(
    ("pair", "codes"),
    [
        *(("en_de", ("en", "de")), ("en-de", ("en", "de")), ("en-pt-BR", ("en", "pt-BR"))),
        *(("zh-Hans-en", ("zh-Hans", "en")), ("en-US_de-DE", ("en-US", "de-DE"))),
        *(("en-en-XA", ("en", "en-XA")), ("en-US-de", ("en-US", "de"))),
    ],
)
def test_a_pair_with_a_hyphen(pair, codes):
    found = choose_pair(pair, None, None)
    assert (found.source, found.target) == codes


@pytest.mark.parametrize("pair", ["de", "en-", "en-DE", "en_", "deutsch"])
def test_no_pair(cli, pair):
    end = cli.run("--pair", pair, "Hallo")
    assert (end.code, "Write source_target, as in en_de" in end.err) == (2, True)


def test_a_terminal_without_a_text_is_a_conversation(cli):
    end = cli.run_on_terminal(typed="Hello world!\n\nThank you.\n\x04")
    assert (end.code, end.text) == (0, "Hallo Welt!\nDanke.\n")
    assert "en → de. Enter translates a line, Ctrl-D ends." in end.err


def test_a_conversation_goes_on_after_a_refusal(through, front):
    front.script.append(answer(413, {"error": "Too large."}))
    end = through.run_on_terminal(typed="Hello world!\nThank you.\n\x04")
    assert (end.code, end.text, "Too large." in end.err) == (0, "Danke.\n", True)


def test_input_is_translated_when_it_pauses(pseudo_cli):
    """As `tail -f log | translate` needs it: the pipe stays open."""
    with pseudo_cli.start(stdin=subprocess.PIPE) as process:
        for number in range(3):
            process.stdin.write(b"Line %d\n" % number)
            process.stdin.flush()
            assert str(number).encode() in process.stdout.readline()
        process.stdin.close()


def test_input_in_drops_is_translated_before_it_ends(pseudo_cli):
    with pseudo_cli.start(stdin=subprocess.PIPE) as process:
        process.stdin.write(b"It runs\n")
        process.stdin.flush()
        process.stdout.readline()
        began, drops = time.monotonic(), 0
        while not select.select([process.stdout], [], [], 0.1)[0]:
            process.stdin.write(b"A drop\n")
            process.stdin.flush()
            drops += 1
        assert time.monotonic() - began < 20
        assert drops > 1
        process.stdin.close()
        process.stdout.read()


def test_long_input_comes_back_in_order(pseudo_cli):
    lines = [f"Line {number}" for number in range(3000)]
    end = pseudo_cli.run("--parallel", 8, stdin="\n".join(lines).encode())
    assert re.findall(r"\d+", end.text) == list(map(str, range(3000)))


def records(end):
    return [json.loads(line) for line in end.text.splitlines()]


def test_json_is_a_line_for_each_text(cli):
    first, second = records(cli.run("--json", "Hello world!", "Thank you."))
    assert (first["text"], second["text"]) == ("Hallo Welt!", "Danke.")
    assert sorted(first) == ["alternatives", "confidence", "model", "score", "text", "warnings"]
    assert first["model"]["name"] == "grown-from-firefox-tiny-en-de"


def test_json_is_a_line_for_each_line_of_input(cli, tmp_path):
    text = b"Hello world!\n\nThank you.\n"
    found = records(cli.run("--json", stdin=text))
    assert [(record["line"], record["text"]) for record in found] == [
        (1, "Hallo Welt!"),
        (2, ""),
        (3, "Danke."),
    ]
    (tmp_path / "in.txt").write_bytes(text)
    assert records(cli.run("--json", "-f", tmp_path / "in.txt")) == found


def test_warnings_go_to_standard_error():
    translation = {"text": "Hallo", "warnings": ["The translation was cut off."]}
    with Front() as front:
        front.script.append(answer(200, {"translations": [translation]}))
        end = CommandLine().run("--url", front.url, "Hello")
    assert (end.code, end.text) == (0, "Hallo\n")
    assert end.err == "Warning: The translation was cut off.\n"


def test_the_version_is_the_projects():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert CommandLine().run("--version").text == f"translate.py {version}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_shell_can_complete_it(shell):
    script = CommandLine().run("--completion", shell).text
    assert "--target" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True)


def test_list_names_the_pairs_served(cli):
    lines = cli.run("--list").text.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["en_pt", "firefox-tiny-en-pt"],
        ["pt_en", "firefox-tiny-pt-en"],
        ["de_en", "grown-from-firefox-tiny-de-en"],
        ["en_de", "grown-from-firefox-tiny-en-de"],
    ]
    assert [line.endswith("  a demonstration") for line in lines] == [False, False, True, True]


def test_list_as_json_has_the_hashes(cli):
    models = records(cli.run("--list", "--json"))
    assert {model["pair"]: len(model["sha256"]) for model in models} == dict.fromkeys(
        ("de_en", "en_de", "en_pt", "pt_en"), 64
    )


def test_the_word_batch_can_be_translated_from_standard_input(cli):
    assert cli.run(stdin=b"batch").code == 0
    assert "Batch takes two folders" in cli.run("batch").err


def test_a_reader_that_leaves_ends_the_run_quietly(pseudo_cli):
    lines = b"Hello\n" * 20_000
    with pseudo_cli.start(stdin=subprocess.PIPE) as process:
        process.stdout.close()
        err = process.communicate(lines, timeout=60)[1]
    assert (process.returncode, err) == (141, b"")


def test_plain_text_needs_neither_boto3_nor_tqdm(server):
    program = (
        "import runpy, sys\n"
        "from client.command import run\n"
        "code = run(sys.argv[1:])\n"
        "print(code, sorted({'boto3', 'botocore', 'tqdm'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "--url", server.url, "Hello world!"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("Hallo Welt!\n0 []\n", "")


def test_a_bare_python_runs_again_with_the_environment_beside_the_script(server, tmp_path):
    """A checkout after `make run`: its .venv has everything, the system's Python nothing."""
    for name in ("translate.py", "client", "file_formats"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "translate.py").unlink()
    (tmp_path / "translate.py").write_bytes(SCRIPT.read_bytes())
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\necho again >&2\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    bare = [sys._base_executable, "-S", "-E", str(tmp_path / "translate.py")]
    environment = {"PATH": os.environ["PATH"], "TRANSLATE_URL": server.url}
    done = subprocess.run([*bare, "Hello world!"], env=environment, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("Hallo Welt!\n", "again\n")


def test_the_script_is_executable_as_it_is():
    assert os.access(SCRIPT, os.X_OK)
    assert SCRIPT.read_text().startswith("#!/usr/bin/env python3\n")


def test_an_interruption_is_one_line_and_130(front, through):
    front.gate = type(front.gate)(0)
    with through.start("Hello") as process:
        wait_for(lambda: front.bodies)
        process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=20)[1]
    front.gate.release()
    assert (process.returncode, err) == (130, b"translate.py: Interrupted.\n")
