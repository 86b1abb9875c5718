"""Texts from arguments and standard input."""

import json
import os
import re
import signal
import subprocess
import sys

import pytest

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


def test_a_pair_without_its_target_is_refused(cli):
    end = cli.run("--pair", "de", "Hallo")
    assert (end.code, "Write source_target, as in en_de" in end.err) == (2, True)


def test_standard_input_keeps_its_line_ends(cli):
    end = cli.run(stdin=b"\xef\xbb\xbfGood morning.\r\n\r\nThank you.\nThank you.")
    assert end.out == b"\xef\xbb\xbfGuten Morgen.\r\n\r\nDanke.\nDanke."


def test_nothing_on_standard_input_is_nothing(cli):
    end = cli.run()
    assert (end.code, end.out, end.err) == (0, b"", "")


def test_a_terminal_without_a_text_is_asked_for_one(cli):
    end = cli.run_on_terminal()
    assert (end.code, "Nothing to translate. Give a text" in end.err) == (2, True)


def test_long_input_comes_back_in_order(pseudo_cli):
    lines = [f"Line {number}" for number in range(3000)]
    end = pseudo_cli.run("--parallel", 8, stdin="\n".join(lines).encode())
    assert re.findall(r"\d+", end.text) == list(map(str, range(3000)))


def test_json_is_the_full_answer(cli):
    found = json.loads(cli.run("--json", "Hello world!", "Thank you.").out)
    assert [translation["text"] for translation in found["translations"]] == [
        "Hallo Welt!",
        "Danke.",
    ]
    assert found["model"]["name"] == "tatoeba-en-de"


def test_json_takes_standard_input_as_one_text(cli):
    found = json.loads(cli.run("--json", stdin=b"Hello world!\nThank you.\n").out)
    assert [item["text"] for item in found["translations"]] == ["Hallo Welt!\nDanke.\n"]


def test_warnings_go_to_standard_error():
    translation = {"text": "Hallo", "warnings": ["The translation was cut off."]}
    with Front() as front:
        front.script.append(answer(200, {"translations": [translation]}))
        end = CommandLine().run("--url", front.url, "Hello")
    assert (end.code, end.text) == (0, "Hallo\n")
    assert end.err == "Warning: The translation was cut off.\n"


def test_list_names_the_pairs_served(cli):
    lines = cli.run("--list").text.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["en_pt", "firefox-tiny-en-pt"],
        ["pt_en", "firefox-tiny-pt-en"],
        ["de_en", "tatoeba-de-en"],
        ["en_de", "tatoeba-en-de"],
    ]
    assert [line.endswith("  a demonstration") for line in lines] == [False, False, True, True]


def test_list_as_json_has_the_hashes(cli):
    models = json.loads(cli.run("--list", "--json").out)
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
    for name in ("translate.py", "client"):
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
