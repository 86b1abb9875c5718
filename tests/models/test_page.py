"""docs/models.md leads from "I want French" to a served en_fr, command by command.

Where it downloads the real package, a package of the embedded model lies ready under that name, so
that French comes out as German.
"""

import os
import re
import signal
import subprocess

import pytest

from tests.models.page import CHECK, EXTRA, FIRST, SECOND, copy_project, run
from tests.models.sources import argos_package


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return copy_project(tmp_path_factory.mktemp("clone") / "project")


@pytest.fixture
def served(project):
    """The address of `make run`, on a port of its own."""
    process = subprocess.Popen(
        ["make", "run"],
        cwd=project,
        env={**os.environ, "SERVING_PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    yield next(
        match[0] for line in process.stdout if (match := re.search(r"http://[\d.]+:\d+", line))
    )
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=40)


def test_five_commands_lead_to_french(project, request):
    download, add, verify, make_run = FIRST
    name = re.fullmatch(r"curl -fLO https://argos-net\.com/v1/(\S+)", download)[1]
    argos_package(project / name, to_code="fr", package_version="1.9")
    assert run(add, project).startswith("models/en_fr: translate-en_fr-1_9 1.9, see README.md\n")
    assert "models/en_fr: translate-en_fr-1_9 1.9, 5 files as listed" in run(verify, project)
    assert make_run == "make run"
    url = request.getfixturevalue("served")
    (translate,) = SECOND
    assert run(f"{translate} --url {url}", project) == "Guten Morgen!\n"
    assert len(FIRST + SECOND) == 5


def test_verify_and_pack(project):
    verify, hashing, pack = CHECK
    assert "tatoeba-en-de 2026.11" in run(verify, project)
    before = (project / "models" / "en_de" / "model.json").read_bytes()
    assert run(hashing, project) == "models/en_de: tatoeba-en-de 2026.11, 5 files as listed\n"
    assert (project / "models" / "en_de" / "model.json").read_bytes() == before
    assert run(pack, project).startswith("model.tar.gz: ")
    assert (project / "model.tar.gz").is_file()


def test_what_the_extra_adds_is_tested_where_it_is_installed():
    assert EXTRA[0] == "make models-extra", "tests/models/convert/test_page.py runs the others"
