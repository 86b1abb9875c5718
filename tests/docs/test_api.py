"""The commands of docs/api.md's container part, run against a real server."""

import json
import re
import subprocess

from serving.errors import ServingError
from serving.wire.tasks import CODES
from tests.docs.blocks import blocks
from tests.running import ROOT

PAGE = ROOT / "docs" / "api.md"


def run(command, server):
    local = command.replace("http://127.0.0.1:8080", server.url)
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", local], capture_output=True, text=True, check=True
    ).stdout


def container_part():
    return PAGE.read_text("utf-8").partition("## Container contract")[2].partition("\n## ")[0]


def commands(tmp_path):
    (tmp_path / "part.md").write_text(container_part())
    return blocks(tmp_path / "part.md", "sh")


def test_every_command_does_what_the_page_says(server, tmp_path):
    text, several, models = (run(command, server) for command in commands(tmp_path))
    assert text == "Hallo Welt!"
    assert [t["text"] for t in json.loads(several)["translations"]] == ["Guten Morgen!", "Danke."]
    assert {model["pair"] for model in json.loads(models)["models"]} >= {"en_de", "de_en"}


def sent(error: type[ServingError]) -> set[tuple[int, str]]:
    """Of an error and its kinds; one that has kinds of its own is never sent itself."""
    kinds = error.__subclasses__()
    own = {(error.status, error.code)} if error is ServingError or not kinds else set()
    return own.union(*map(sent, kinds))


def test_the_table_of_errors_is_complete():
    rows = re.findall(r"^\| (\d{3}) \| `(\w+)` \|", container_part(), re.MULTILINE)
    assert {(int(status), code) for status, code in rows} == sent(ServingError) | set(CODES.items())
