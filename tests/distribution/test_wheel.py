"""What pip, pipx and uv install: the wheel, its one name at the top level, its commands."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.running import ROOT

pytestmark = pytest.mark.slow
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
BELOW = "serverless_translation/_program/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*build, str(folder)], cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Into a folder of its own, on top of what this Python has; runs a command of it there."""
    folder = tmp_path_factory.mktemp("installed")
    uv = Path(sys.executable).with_name("uv")
    words = ["pip", "install", "--quiet", "--offline", "--no-deps", "--python", sys.executable]
    subprocess.run([uv, *words, "--target", folder, wheel], check=True, capture_output=True)
    home = tmp_path_factory.mktemp("home")
    environment = {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(folder),
        "HOME": str(home),
    }

    def run(*words, **more):
        return subprocess.run(
            words,
            cwd=home,
            env=environment | more,
            capture_output=True,
            text=True,
            timeout=100,
        )

    return run


def test_one_name_stands_at_the_top_level(names):
    tops = {name.partition("/")[0] for name in names}
    assert tops == {
        "serverless_translation",
        f"serverless_translation-{PROJECT['version']}.dist-info",
    }


def test_the_embedded_models_come_with_it_and_nothing_of_the_workshop(names):
    for pair in ("en_pt", "pt_en", "en_de", "de_en"):
        assert f"{BELOW}models/{pair}/model.json" in names
        assert f"{BELOW}models/{pair}/ctranslate2_model/model.bin" in names
    assert f"{BELOW}gateway/static/index.html" in names
    packages = {name.removeprefix(BELOW).partition("/")[0] for name in names if BELOW in name}
    assert packages == {
        *("client", "file_formats", "gateway", "handlers", "model_folder", "models", "serving"),
    }
    assert [name for name in names if name.endswith(".pyc")] == []


def pins(path):
    found = re.findall(r"^([A-Za-z0-9._-]+==[\w.]+)", path.read_text("utf-8"), re.MULTILINE)
    included = re.findall(r"^-r (\S+)", path.read_text("utf-8"), re.MULTILINE)
    return set(found).union(*(pins(path.parent / other) for other in included))


def test_its_dependencies_are_what_make_run_installs():
    wanted = pins(ROOT / "requirements-run.txt") | pins(ROOT / "handlers" / "requirements.txt")
    assert set(PROJECT["dependencies"]) == wanted
    assert set(PROJECT["optional-dependencies"]["aws"]) <= pins(ROOT / "requirements.txt")


def test_nothing_of_the_program_can_be_imported_by_others(installed):
    found = installed(sys.executable, "-c", "import serverless_translation, serving")
    assert "No module named 'serving'" in found.stderr


@pytest.mark.parametrize("command", ["translate", "translate-server"])
def test_the_commands_tell_the_version(installed, command):
    found = installed(command, "--version")
    assert (found.stdout, found.stderr) == (f"{command} {PROJECT['version']}\n", "")


def test_help_speaks_of_the_command_as_it_is_called(installed):
    shown = installed("translate", "--help").stdout
    assert "  translate 'Hello world!'\n" in shown
    assert "translate.py" not in shown
    assert installed("translate-models", "--help").stdout.startswith("usage: translate-models ")
    assert installed("translate-server", "--help").stdout.startswith("usage: translate-server ")


def test_a_text_is_translated_by_the_server_it_brings(installed, server):
    assert installed("translate", "--url", server.url, "Hello world!").stdout == "Hallo Welt!\n"
    listed = installed("translate-server", "--list")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [
        *("en_pt", "pt_en", "de_en", "en_de"),
    ]


def test_models_are_added_where_an_update_leaves_them(installed, tmp_path):
    shown = installed("translate-models", "add", "xx_yy", XDG_DATA_HOME=str(tmp_path))
    assert "No model for xx_yy is known" in shown.stderr
    assert (tmp_path / "serverless-translation" / "models").is_dir()


def test_a_hint_is_one_that_can_be_followed(installed):
    found = installed("translate", "--url", "http://127.0.0.1:9", "Hello")
    assert "Start one with `translate-server`" in found.stderr
