"""Every command of docs/cli.md, run; its tables held against the code."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from client.arguments import _parser
from gateway.dynamodb_counters import DynamoDbCounters
from gateway.limits import Limits
from gateway.settings import Settings
from tests.client.front import Front
from tests.client.running import CommandLine
from tests.client.test_endpoint import AWS
from tests.docs.blocks import blocks
from tests.doubles.dynamodb import DynamoDb
from tests.doubles.moto_server import REGION
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
    assert [IN_S3 in command for command in commands()] == ([False] * 6 + [True] + [False] * 3)


def test_glossaries(shell, tmp_path):
    once, kept = commands()[7:9]
    assert shell(once) == "Hallo Erde!\n"
    assert blocks(PAGE, "")[2] == "Hallo Erde!\n"
    said = shell(kept).splitlines()
    assert re.fullmatch(r"[0-9a-f-]{36}  ours  en_de 1", said[0])
    assert said[1:3] == ["Hallo Erde!", "world\tErde"]
    assert said[0] in said[3:]


def test_usage(shell, tmp_path):
    """Of the table that the gateway fills, with a key that nobody has used yet."""
    with DynamoDb() as database:
        table = database.make_table("dev-counts")
        with pytest.MonkeyPatch.context() as patch:
            for name, value in database.environment.items():
                patch.setenv(name, value)
            limits = Limits(Settings(), DynamoDbCounters(table))
            limits.charge("web", 5)
            limits.charge("web", 7)
            limits.charge("web", 7)()  # given back
        outputs = json.dumps({"apiKeys": {"web": "x", "app": "y"}, "counts": table})
        (tmp_path / "pulumi").write_text(f"#!/bin/sh\necho '{outputs}'\n")
        endpoint = f"AWS_ENDPOINT_URL_DYNAMODB={database.url}"
        said = shell(f"export AWS_REGION={REGION} {endpoint}\n{commands()[-1]}")
    today = time.strftime("%Y-%m-%d", time.gmtime())
    assert said.splitlines() == [
        "key  requests  characters",
        "app         0           0",
        "web         2          12",
        "all         2          12",
        "day,key,requests,characters",
        f"{today},web,2,12",
    ]


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
