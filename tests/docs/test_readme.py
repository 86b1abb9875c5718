"""README.md keeps its promises: where things stand, links, commands that run."""

import json
import os
import re
import signal
import subprocess
import urllib.request

import pytest

from tests.docs.blocks import blocks
from tests.running import ROOT

README = ROOT / "README.md"
PAGES = [README, *(ROOT / name for name in ("CHANGELOG.md", "CONTRIBUTING.md"))]
PAGES += [*sorted((ROOT / "docs").glob("*.md"))]


def line_of(text):
    lines = README.read_text("utf-8").splitlines()
    return 1 + next(number for number, line in enumerate(lines) if text in line)


def test_the_first_translation_stands_by_line_20():
    assert line_of("./translate.py 'Hello world!'") <= 20


def test_the_first_deployment_stands_by_line_50():
    assert line_of("pulumi up\n".strip()) <= 50
    assert line_of("./translate.py --stack dev") <= 50


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.fixture
def made():
    """What `make run` prints first, from the README's first block, on a port of its own."""
    run = blocks(README, "sh")[0].strip()
    assert run == "make run"
    process = subprocess.Popen(
        run.split(),
        cwd=ROOT,
        env={**os.environ, "SERVING_PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    yield process
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=40)


def printed_until(process, pattern):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if re.search(pattern, line):
            return "".join(lines)
    raise AssertionError(f"make run ended: {''.join(lines)}")


def test_the_two_commands_lead_to_a_translation(made):
    printed = printed_until(made, "curl")
    assert "en → pt, pt → en, and as a demonstration de → en, en → de" in printed
    url = re.search(r"http://127\.0\.0\.1:\d+", printed)[0]
    command = blocks(README, "sh")[1].strip()
    translated = subprocess.run(
        f"{command} --url {url}", shell=True, cwd=ROOT, capture_output=True, text=True
    )
    assert (translated.stdout, translated.stderr) == ("Hallo Welt!\n", "")


def test_the_curl_line_it_prints_can_be_pasted(made):
    printed = printed_until(made, "curl")
    (curl,) = [line for line in printed.splitlines() if "curl" in line]
    done = subprocess.run(curl, shell=True, capture_output=True, text=True, check=True)
    assert done.stdout == "Olá!"


def test_pairs_without_a_model_go_through_english(made):
    url = re.search(r"http://127\.0\.0\.1:\d+", printed_until(made, "curl"))[0]
    question = b"q=Wo+ist+der+Bahnhof%3F&source=de&target=pt"
    with urllib.request.urlopen(f"{url}/translate", question) as reply:
        assert "estação" in json.load(reply)["translatedText"]
