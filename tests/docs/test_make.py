"""`make help` shows every command there is, and those of the pages are among them."""

import re
import subprocess

from tests.docs.blocks import blocks
from tests.running import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]


def shown():
    done = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [re.fullmatch(r"make ([a-z-]+) +(\S.*)", line) for line in done.stdout.splitlines()]
    return {line[1]: line[2] for line in lines}


def test_help_shows_every_target():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()
    assert sorted(shown()) == sorted(phony)


def test_every_command_of_the_pages_is_a_target():
    commands = "\n".join(block for page in PAGES for block in blocks(page, "sh"))
    named = set(re.findall(r"^make ([a-z-]+)", commands, re.MULTILINE))
    for page in PAGES:
        named |= set(re.findall(r"`make ([a-z-]+)", page.read_text("utf-8")))
    assert len(named) > 8
    assert named <= set(shown())
