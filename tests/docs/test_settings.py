"""docs/settings.md has every setting there is, with its default, and none that is not."""

import re
from dataclasses import fields

import pytest

from gateway.settings import table
from handlers.engine.budget import Budget, variable
from serving.settings import Settings, names
from tests.running import ROOT

PAGE = (ROOT / "docs" / "settings.md").read_text("utf-8")


def rows(heading):
    """The cells of the first table below it."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def test_the_servers_settings():
    assert rows("The server") == [
        [
            ", ".join(f"`{name}`" for name in names(setting)),
            str(setting.default) or "none",
            setting.metadata["unit"],
            setting.metadata["help"],
        ]
        for setting in fields(Settings)
    ]


def test_the_public_apis_settings():
    assert rows("The public API") == [
        [f"`{name}`", f"`{default}`" if default else "", unit, meaning]
        for name, default, unit, meaning in table()
    ]


def test_the_engines_settings():
    assert rows("The engine") == [
        [f"`{variable(setting)}`", str(setting.default), setting.metadata["help"]]
        for setting in fields(Budget)
    ]


@pytest.mark.parametrize(
    ("heading", "package", "names"),
    [
        ("The command line", "client", r"\bTRANSLATE_[A-Z_]*[A-Z]\b"),
        ("Models", "models", r"\b(?:MODELS|HF)_[A-Z_]+\b"),
    ],
)
def test_what_the_code_reads(heading, package, names):
    sources = [path.read_text("utf-8") for path in (ROOT / package).rglob("*.py")]
    read = {name for source in sources for name in re.findall(names, source)}
    assert {row[0].strip("`") for row in rows(heading)} == read
