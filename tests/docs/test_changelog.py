"""CHANGELOG.md is by version: what is new on top, then each version with its day."""

import re
import tomllib
from datetime import date

from tests.running import ROOT

HEADINGS = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)


def test_the_newest_version_is_the_projects():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert HEADINGS[0] == "Unreleased"
    assert HEADINGS[1].partition(", ")[0] == project["version"]


def test_each_version_has_its_day_and_the_newest_is_first():
    versions = [heading.split(", ") for heading in HEADINGS[1:]]
    days = [date.fromisoformat(day) for _, day in versions]
    numbers = [[int(part) for part in version.split(".")] for version, _ in versions]
    assert days == sorted(days, reverse=True)
    assert numbers == sorted(numbers, reverse=True)
