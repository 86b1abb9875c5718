"""docs/deploy.md and docs/security.md say what is so."""

import json
import re
import shlex

import pytest
import yaml

from infra.model_settings import KEYS, ModelSettings
from infra.settings import read_settings
from tests.docs.blocks import blocks
from tests.infra.conftest import EVERYTHING
from tests.infra.exceptions import EXCEPTIONS
from tests.infra.program import PROJECT, run
from tests.infra.recorded import Recorded
from tests.running import ROOT

DEPLOY, SECURITY = ROOT / "docs" / "deploy.md", ROOT / "docs" / "security.md"
DECLARED = yaml.safe_load((ROOT / "Pulumi.yaml").read_text("utf-8"))["config"]
# Of Pulumi's command line, which tests cannot install.
PULUMI = {
    ("config", "set"),
    ("destroy",),
    ("install",),
    ("preview",),
    ("stack", "init"),
    ("stack", "output"),
    ("stack", "rm"),
    ("up",),
}


def rows(path, heading):
    """The cells of the first table after a heading."""
    text = path.read_text("utf-8").split(heading, 1)[1]
    table = re.search(r"(?:^\|.*\|\n)+", text, re.MULTILINE)[0]
    cells = [[c.strip() for c in line[1:-1].split("|")] for line in table.splitlines()]
    return cells[2:]


def test_the_table_of_settings_is_that_of_the_project():
    found = {key.strip("`"): (default.strip("`"), text) for key, default, text in
             rows(DEPLOY, "## Settings")}  # fmt: skip
    expected = {
        key: (
            declared["default"]
            if isinstance(declared["default"], str)
            else json.dumps(declared["default"]),
            declared["description"],
        )
        for key, declared in DECLARED.items()
    }
    assert found == expected


def test_the_table_of_models_is_that_of_the_code():
    found = {key.strip("`"): default for key, default, _ in rows(DEPLOY, "Each of `models`:")}
    assert set(found) == set(KEYS)
    assert int(found["memory"]) == ModelSettings.memory
    assert int(found["maxConcurrency"]) == ModelSettings.max_concurrency
    assert int(found["provisionedConcurrency"]) == ModelSettings.provisioned_concurrency


def test_the_examples_of_models_are_taken():
    found = []
    for example in blocks(DEPLOY, "yaml"):
        models = yaml.safe_load(example)["config"]["models"]
        given = {"models": json.dumps(models)}
        settings = read_settings(ROOT, f"{PROJECT}-dev", "eu-west-1", given.get, given)
        found.append([(model.pair, bool(model.instances)) for model in settings.models])
    assert found == [[("en_pt", False), ("en_fr", False)], [("en_pt", True)]]


def commands(*pages):
    text = "\n".join(block for page in pages for block in blocks(page, "sh"))
    return [line for line in text.splitlines() if line and not line.startswith((" ", "}", '"'))]


def test_every_command_of_pulumi_is_one():
    text = "\n".join(commands(DEPLOY, SECURITY)).replace("set --path ", "set ")
    used = re.findall(r"pulumi ((?:[a-z-]+ ?)+)([\w:]*)", text)
    assert len(used) > 10
    for words, key in used:
        given = tuple(words.split())
        assert any(given[: len(known)] == known for known in PULUMI), given
        if given[:2] == ("config", "set"):
            name = given[2] if len(given) > 2 else key
            assert name in DECLARED or name + key in (*DECLARED, "aws:region"), name


@pytest.fixture(scope="module")
def everything():
    return run(Recorded(), **EVERYTHING)


def test_every_alarm_is_explained(everything):
    stack = everything.one("Dashboard").inputs["dashboardName"]
    names = {a.inputs["name"].removeprefix(f"{stack}-") for a in everything.all("MetricAlarm")}
    known = {name.strip("`").removesuffix("-PAIR") for name, _ in rows(DEPLOY, "An alarm tells")}
    assert {name.partition("-")[0] for name in names} == known


def test_every_output_is_exported(everything):
    text = DEPLOY.read_text("utf-8") + SECURITY.read_text("utf-8")
    used = set(re.findall(r"pulumi stack output (\w+)", text))
    assert {"url", "apiKeys", "batch"} <= used <= set(everything.exports)


def test_every_make_target_is_there():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    used = [shlex.split(c)[1] for c in commands(DEPLOY, SECURITY) if c.startswith("make ")]
    assert used
    for target in used:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_exceptions_are_those_of_the_code():
    found = {check: when for check, when, _ in rows(SECURITY, "## What is not done")}
    assert found == EXCEPTIONS
    assert all(reason for _, _, reason in rows(SECURITY, "## What is not done"))


@pytest.mark.parametrize("page", [DEPLOY, SECURITY])
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+\.md)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target
