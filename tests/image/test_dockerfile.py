"""What the Dockerfile copies is enough to serve, and nothing of ours beside it is needed."""

import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from tests.handlers.firefox import make_folder
from tests.running import MODELS, ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COPIED = [
    shlex.split(words)
    for words in re.findall(r"^COPY (?!--from)(.+ /opt/program/\S+)$", DOCKERFILE, re.MULTILINE)
]


@pytest.fixture
def program(tmp_path):
    """/opt/program as the image has it."""
    for source, target in COPIED:
        shutil.copytree(ROOT / source, tmp_path / target.removeprefix("/opt/program/"))
    return tmp_path


def listed(program, models):
    done = subprocess.run(
        [sys.executable, "-m", "serving", "--models", models, "--list"],
        cwd=program,
        env={**os.environ, "PYTHONPATH": str(program), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_copied_packages_serve(program):
    assert listed(program, MODELS / "en_de").startswith("en_de  DefaultHandler  handlers.default")


def test_the_copied_packages_serve_a_firefox_model(program, tmp_path_factory):
    folder = make_folder("en_pt", tmp_path_factory.mktemp("firefox"))
    assert listed(program, folder).startswith("en_pt  FirefoxHandler  handlers.firefox")


def test_the_servers_stage_has_all_that_page_and_api_import(program):
    found = subprocess.run(
        [sys.executable, "-c", "import gateway.app, serving.laptop.local_backend as b; print(b)"],
        cwd=program,
        env={**os.environ, "PYTHONPATH": str(program), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
    )
    assert str(program) in found.stdout, found.stderr
