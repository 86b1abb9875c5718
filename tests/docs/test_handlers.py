"""The snippets of docs/handlers.md work as they stand there."""

import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

import handlers
from handlers import ModelFolder, Options
from serving.plugins.claims import GROUP, Plugins
from serving.plugins.models import load_model
from tests.docs.blocks import blocks
from tests.running import MODELS, ROOT

PAGE = ROOT / "docs" / "handlers.md"
SHOUT, SWISS, FIREFOX = blocks(PAGE, "python")


@pytest.fixture
def dropped(tmp_path, monkeypatch):
    """The folder that is searched for plugins beside `handlers/`."""
    monkeypatch.setattr(handlers, "__path__", [*handlers.__path__, str(tmp_path)])
    yield tmp_path
    for name in ("handlers.shout", "handlers.swiss"):
        sys.modules.pop(name, None)


def test_the_minimal_handler_serves_an_empty_folder(dropped):
    (dropped / "shout.py").write_text(SHOUT)
    (dropped / "en_en-SHOUT").mkdir()
    model = load_model(ModelFolder(dropped / "en_en-SHOUT"), Plugins())
    assert model.claim.origin == "handlers/shout.py"
    assert model.handler.translate(["Hello"], Options())[0].text == "HELLO"


def test_the_subclass_wraps_the_default(dropped):
    (dropped / "swiss.py").write_text(SWISS)
    model = load_model(ModelFolder(MODELS / "de_en"), Plugins())
    assert type(model.handler).__name__ == "SwissHandler"
    assert model.handler.before("«Hallo»") == "„Hallo“"
    assert model.handler.translate(["Guten Morgen!"], Options())[0].text == "Good morning!"


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A fresh virtual environment that also sees our dependencies, with the package in it."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "ours.pth").write_text("\n".join([*sys.path[1:], str(ROOT)]))
    python = folder / "bin" / "python"
    install = ["-m", "pip", "--python", str(python), "install", "--no-index", "--no-deps", "-q"]
    subprocess.run([sys.executable, *install, str(wheel(folder))], check=True)
    return python


def wheel(folder: Path) -> Path:
    """The page's handler, packed as an installable package with the page's entry point."""
    (toml,) = blocks(PAGE, "toml")
    points = tomllib.loads(toml)["project"]["entry-points"]
    assert list(points) == [GROUP]
    entry_points = "".join(
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
        for group, entries in points.items()
    )
    info = "shout-1.0.dist-info"
    files = {
        "shout.py": SHOUT,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: shout\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": entry_points,
    }
    path = folder / "shout-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        with archive.open(f"{info}/RECORD", "w") as record:
            record.write("".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"]).encode())
    return path


def test_an_installed_package_is_listed_with_its_origin(environment, tmp_path):
    (tmp_path / "en_en-SHOUT").mkdir()
    command = [environment, "-m", "serving", "--models", tmp_path, "--list"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "en_en-SHOUT  ShoutHandler  shout (package shout)" in done.stdout


def test_the_table_of_decoding_keys_is_the_codes():
    from dataclasses import fields

    from handlers.engine.decoding import Decoding

    (row,) = [line for line in PAGE.read_text().splitlines() if line.startswith("| `decoding`")]
    for field in fields(Decoding):
        assert f"`{field.name}` ({field.default:g}" in row


def test_the_claim_on_a_format_is_our_own():
    assert FIREFOX in (ROOT / "handlers" / "firefox.py").read_text()
