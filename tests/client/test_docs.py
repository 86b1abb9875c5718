"""Every command of docs/cli.md, run; its tables held against the code."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from client.arguments import _parser
from tests.client.front import Front
from tests.client.running import CommandLine
from tests.client.test_endpoint import AWS
from tests.docs.blocks import blocks
from tests.running import ROOT

PAGE = ROOT / "docs" / "cli.md"
IN_S3 = "s3://"


def commands() -> list[str]:
    return blocks(PAGE, "sh")


@pytest.fixture
def shell(server, tmp_path):
    """A folder with what the page speaks of, a deployed stack called dev included."""
    (tmp_path / "translate.py").symlink_to(ROOT / "translate.py")
    (tmp_path / "brief.txt").write_text("Good morning.\r\nThank you.")
    (tmp_path / "letters" / "2026").mkdir(parents=True)
    (tmp_path / "letters" / "2026" / "may.txt").write_text("Thank you.\n")
    with Front(server.url, key="web.x") as front:
        outputs = json.dumps({"url": front.url, "apiKeys": {"web": "web.x"}})
        (tmp_path / "pulumi").write_text(f"#!/bin/sh\necho '{outputs}'\n")
        (tmp_path / "pulumi").chmod(0o755)
        environment = CommandLine(
            **AWS,
            AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME=front.url,
            TRANSLATE_URL=server.url,
            PATH=f"{tmp_path}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        ).environment

        def run(script: str) -> str:
            return subprocess.run(
                ["bash", "-euo", "pipefail", "-c", script],
                cwd=tmp_path,
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            ).stdout

        yield run


def test_texts(shell):
    first, second, *_ = commands()
    assert [shell(first), shell(second)] == blocks(PAGE, "")[:2]


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed")
def test_lines_of_json(shell):
    assert shell(commands()[2]) == "Guten Morgen.\nDanke.\n"


def test_a_file(shell, tmp_path):
    shell(commands()[3])
    assert (tmp_path / "brief.de.txt").read_bytes() == b"Guten Morgen.\r\nDanke."


def test_deployed_services(shell):
    first, *pairs, last = shell(commands()[4]).splitlines()
    assert (first, last) == ("Bom dia!", "Hallo Welt!")
    assert sorted(pairs) == ["de_en", "en_de", "en_pt", "pt_en"]


def test_a_folder(shell, tmp_path):
    shell(commands()[5])
    assert (tmp_path / "translated/2026/may.txt.out").read_text() == "Danke.\n"


def test_the_command_in_s3_is_the_only_other_one():
    """test_s3_batch.py runs that one, against moto."""
    assert [IN_S3 in command for command in commands()] == [False] * 6 + [True]


def test_every_option_is_in_the_table():
    options = {
        option
        for action in _parser()._actions
        for option in action.option_strings
        if option not in ("-h", "--help")
    }
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `--")]
    listed = {option for row in rows for option in re.findall(r"`(--?[a-z-]+)`", row.split("|")[1])}
    assert listed == options
