"""docs/models.md leads from "I want French" to a served en_fr, command by command.

Where it downloads the real model, a loopback server has one for English to Portuguese, so that
French comes out as Portuguese.
"""

import os
import re
import signal
import subprocess
import time

import pytest

from infra.model_settings import read_models
from models.catalogue import search as catalogue_search
from models.fetching import SOURCES
from tests.handlers.firefox import make_folder
from tests.models.page import CALIBRATE, CHECK, EXTRA, FIRST, SEARCH, SECOND, copy_project, run
from tests.models.shelf import Shelf, catalogue
from tests.running import ROOT


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


@pytest.mark.slow
def test_two_commands_lead_to_french_within_a_minute(project, request, tmp_path):
    """And beside it, a folder with Firefox's files that was only put among the models."""
    make_folder("pt_en", tmp_path).rename(project / "models" / "pt_es")
    started = time.monotonic()
    add, make_run = FIRST
    with Shelf() as shelf:
        packed = make_folder("en_pt", tmp_path)
        files = {
            path.name: shelf.put(f"/{path.name}", path.read_bytes()) for path in packed.iterdir()
        }
        known = catalogue(tmp_path / "c.json", f"{shelf.url}/", firefox={"en_fr": files})
        said = run(add, project, MODELS_CATALOGUE=str(known))
    assert "models-local/en_fr: firefox-en_fr 1, MPL-2.0\n" in said
    assert make_run == "make run"
    url = request.getfixturevalue("served")
    (translate,) = SECOND
    assert run(f"{translate} --url {url}", project) == "Bom dia!\n"
    assert time.monotonic() - started < 60
    dropped = f"./translate.py --url {url} --pair pt_es 'Bom dia!'"
    assert run(dropped, project) == "Good morning!\n"
    (model,) = read_models(project, [{"pair": "en_fr", "memory": 1024}])
    assert (model.pair, model.built.files) == ("en_fr", 4)


def test_search_and_list(project):
    search, listing = SEARCH
    assert "en_fr        firefox  COMET 0.870" in run(search, project)
    assert "en_de  grown-from-firefox-tiny-en-de" in run(listing, project)


def test_the_table_of_sources_counts_them():
    table = (ROOT / "docs" / "models.md").read_text("utf-8")
    for source in SOURCES:
        (row,) = re.findall(rf"^\| `{source}` \|.*$", table, re.MULTILINE)
        assert f"{len(catalogue_search(source))} pairs" in row


def test_verify_and_pack(project):
    verify, hashing, size, pack = CHECK
    assert "fits a serverless endpoint with memory: 1024" in run(size, project)
    assert "grown-from-firefox-tiny-en-de 2026.11" in run(verify, project)
    before = (project / "models" / "en_de" / "model.json").read_bytes()
    said = "models/en_de: grown-from-firefox-tiny-en-de 2026.11, 7 files as listed\n"
    assert run(hashing, project) == said
    assert (project / "models" / "en_de" / "model.json").read_bytes() == before
    assert run(pack, project).startswith("model.tar.gz: ")
    assert (project / "model.tar.gz").is_file()


def test_what_the_extra_adds_is_tested_where_it_is_installed():
    assert EXTRA[0] == "make models-extra", "tests/models/convert/test_page.py runs the others"


def test_calibrate(project):
    (calibrate,) = CALIBRATE
    for name, language in (("source.txt", "en"), ("target.txt", "de")):
        lines = (ROOT / "tests" / "data" / f"sample.{language}").read_text("utf-8").splitlines()
        if language == "de":
            lines[::3] = (
                lines[1::3][: len(lines[::3])] + lines[: len(lines[::3]) - len(lines[1::3])]
            )
        (project / name).write_text("\n".join(lines))
    assert "good translations as unsure" in run(calibrate, project)
