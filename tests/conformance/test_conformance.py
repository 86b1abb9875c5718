"""Our own handlers keep the contract; one that does not is told how."""

import subprocess
import sys

import pytest

from tests.handlers.firefox import make_folder
from tests.running import MODELS, ROOT

pytestmark = pytest.mark.slow


def conform(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "conformance", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=110,
    )


@pytest.mark.parametrize("plugin", ["default", "firefox", "pseudo"])
def test_our_own_handlers_keep_it(plugin, tmp_path):
    if plugin == "default":
        arguments = [MODELS, "--pair", "en_de"]
    elif plugin == "firefox":
        arguments = [make_folder("en_pt", tmp_path)]
    else:
        (tmp_path / "en_en-XA").mkdir()
        arguments = [tmp_path]
    done = conform(*arguments, "--plugin", f"handlers.{plugin}")
    assert done.returncode == 0, done.stdout
    assert f"is served by handlers.{plugin}" in done.stdout
    assert "ms a token" in done.stdout
    assert ("closed in" in done.stdout) == (plugin == "firefox")


def test_a_plugin_that_was_not_picked_learns_why(tmp_path):
    (tmp_path / "en_en-XA").mkdir()
    done = conform(tmp_path, "--plugin", "handlers.default", "-k", "meant")
    assert done.returncode == 1
    assert "handlers.pseudo was picked" in done.stdout
    assert "Who names more languages wins" in done.stdout


def test_a_handler_that_depends_on_its_neighbours_or_leaves_a_process_is_found(tmp_path):
    (tmp_path / "en_en-XB").mkdir()
    plugin = ROOT / "tests" / "conformance" / "forgetful.txt"
    (tmp_path / "forgetful.py").write_text(plugin.read_text())
    metadata = tmp_path / "forgetful-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: forgetful\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text(
        "[serverless_translation.handlers]\nforgetful = forgetful\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "conformance", tmp_path / "en_en-XB"],
        cwd=ROOT,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 1
    assert "FAILED conformance/checks.py::test_order_is_kept" in done.stdout
    assert "FAILED conformance/checks.py::test_a_sentence_is_the_same_alone" in done.stdout
    assert "FAILED conformance/checks.py::test_it_closes_in_time" in done.stdout
    assert "['sleep 60 ']" in done.stdout
    assert "FAILED conformance/checks.py::test_placeholders" not in done.stdout
