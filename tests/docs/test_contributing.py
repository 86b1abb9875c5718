"""CONTRIBUTING.md leads to files that there are, and shows a test's file that runs."""

import re
import subprocess

import pytest

from tests.docs.blocks import blocks
from tests.running import ROOT

PAGE = ROOT / "CONTRIBUTING.md"
PATHS = sorted(set(re.findall(r"`([\w.-]+/[\w./-]*)`", PAGE.read_text("utf-8"))))


def test_every_path_leads_somewhere():
    assert len(PATHS) > 30
    assert [path for path in PATHS if not (ROOT / path).exists()] == []


@pytest.mark.slow
@pytest.mark.parametrize("command", blocks(PAGE, "sh")[1].splitlines())
def test_one_file_of_tests_runs(command):
    done = subprocess.run([*command.split(), "-q", "-x"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
