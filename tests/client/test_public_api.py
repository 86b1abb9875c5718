"""A deployed stack: its public API, its key, its outputs."""

import json
import os
from pathlib import Path

import pytest

from tests.client.front import Front
from tests.client.running import CommandLine
from tests.running import MODELS, Server

KEY = "web.k0ZhX1"


@pytest.fixture
def api(server):
    with Front(server.url, key=KEY) as front:
        yield front


@pytest.fixture
def pulumi(tmp_path):
    """The pulumi command, which cannot run here: prints what a test gives it."""

    def install(outputs: str, code: int = 0, error: str = "") -> CommandLine:
        program: Path = tmp_path / "pulumi"
        (tmp_path / "outputs.json").write_text(outputs)
        program.write_text(
            f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\n'
            f"cat {tmp_path}/outputs.json\necho '{error}' >&2\nexit {code}\n"
        )
        program.chmod(0o755)
        return CommandLine(PATH=f"{tmp_path}:{os.environ['PATH']}")

    return install


def test_a_key_means_the_public_api(api):
    cli = CommandLine(TRANSLATE_URL=api.url, TRANSLATE_API_KEY=KEY)
    assert cli.run("Hello world!", "Thank you.").text == "Hallo Welt!\nDanke.\n"
    assert api.bodies == [
        {
            "q": ["Hello world!", "Thank you."],
            "source": "en",
            "target": "de",
            "show_warnings": True,
            "api_key": KEY,
        }
    ]


def test_a_url_that_ends_in_translate_means_it_too(api):
    api.key = None
    assert CommandLine().run("--url", f"{api.url}/translate", "Thank you.").text == "Danke.\n"
    assert "api_key" not in api.bodies[0]


def test_a_wrong_key_is_refused_and_not_shown(api):
    end = CommandLine().run("--url", api.url, "--api-key", "web.wrong", "Hello")
    assert (end.code, end.err) == (4, "translate.py: Invalid API key\n")


def test_json_is_a_line_of_the_public_api_too(api):
    end = CommandLine().run("--url", api.url, "--api-key", KEY, "--json", "Thank you.")
    assert json.loads(end.out) == {"text": "Danke."}


def test_warnings_of_the_public_api_are_shown(api):
    key = ("--url", api.url, "--api-key", KEY, "--pair", "en_pt")
    end = CommandLine().run(*key, "Good morning!", "これはペンです。")
    assert (end.code, end.text) == (0, "Bom dia!\nこれはペンです。\n")
    assert "Warning: script_unknown\n" in end.err


def test_list_asks_for_the_languages(api):
    end = CommandLine().run("--url", api.url, "--api-key", KEY, "--list")
    assert sorted(end.text.split()) == ["de_en", "en_de", "en_pt", "pt_en"]


def test_a_stack_gives_url_and_key(api, pulumi, tmp_path):
    cli = pulumi(json.dumps({"url": f"{api.url}/", "apiKeys": {"web": KEY, "zoo": "zoo.x"}}))
    assert cli.run("--stack", "prod", "Hello world!").text == "Hallo Welt!\n"
    assert (tmp_path / "arguments").read_text() == (
        "stack output --json --show-secrets --stack prod\n"
    )


def test_a_stack_without_keys(api, pulumi):
    api.key = None
    cli = pulumi(json.dumps({"url": api.url}))
    assert cli.run("--stack", "prod", "Hello world!").text == "Hallo Welt!\n"


def test_a_file_goes_through_the_public_api(api, pulumi, tmp_path):
    (tmp_path / "in.txt").write_text("Thank you.\r\n" * 100)
    cli = pulumi(json.dumps({"url": api.url, "apiKeys": {"web": KEY}}))
    end = cli.run(
        "--stack", "prod", "--file", tmp_path / "in.txt", "--output", tmp_path / "out.txt"
    )
    assert (end.code, len(api.bodies)) == (0, 2)
    assert (tmp_path / "out.txt").read_bytes() == b"Danke.\r\n" * 100
    assert KEY not in end.err


@pytest.mark.parametrize(
    ("outputs", "code", "error", "message"),
    [
        ("{}", 0, "", "Stack 'prod' has no output 'url'. Run `pulumi up --stack prod`."),
        ("", 255, "error: no stack named 'prod' found", "no stack named 'prod' found"),
        ("", 9, "", "Pulumi cannot read stack 'prod': exit code 9"),
        ("nonsense", 0, "", "Pulumi gave no outputs for stack 'prod'"),
    ],
    ids=str,
)
def test_stacks_that_cannot_be_used(pulumi, outputs, code, error, message):
    end = pulumi(outputs, code, error.replace("'", "'\\''")).run("--stack", "prod", "Hello")
    assert (end.code, message in end.err, end.err.count("\n")) == (2, True, 1), end.err


def test_no_pulumi_command(tmp_path):
    end = CommandLine(PATH=str(tmp_path)).run("--stack", "prod", "Hello")
    assert (end.code, end.err) == (
        2,
        "translate.py: --stack needs the pulumi command. Install it from pulumi.com, "
        "or use --url and TRANSLATE_API_KEY.\n",
    )


def test_a_service_that_takes_few_texts_gets_few(tmp_path):
    limits = {"GATEWAY_BATCH_LIMIT": "10", "GATEWAY_CHARACTER_LIMIT": "300"}
    source, output = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_text("Good morning.\n" * 25 + "Good morning. " * 60)
    with Server(MODELS / "en_de", **limits) as server, Front(server.url) as front:
        end = CommandLine().run("--url", f"{front.url}/translate", "-f", source, "-o", output)
    assert (end.code, end.err) == (0, "")
    assert output.read_text().count("Guten Morgen.") == 85
    assert max(len(body["q"]) for body in front.bodies) <= 10
