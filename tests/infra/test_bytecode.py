"""Bytecode for the function's archive: read without a source's time, and the same everywhere."""

import shutil
import subprocess
import sys

import pytest

from infra.bytecode import bytecode, interpreter
from tests.running import ROOT

OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
CALL = """
import sys
sys.path.insert(0, sys.argv[1])
from package.module import where
print(where())
"""


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "module.py").write_text("def where():\n    return where.__code__.co_filename\n")
    return {f"package/{path.name}": path for path in folder.iterdir()}


def test_python_reads_it_instead_of_the_source(files, tmp_path):
    for name, content in bytecode(files, sys.executable, OWN, "/var/task/").items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "package" / "module.py").write_text("def where():\n    return 'the source'\n")
    command = [sys.executable, "-v", "-I", "-c", CALL, str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(tmp_path / "package" / "module.py")
    assert "module.cpython" in run.stderr


def test_the_same_sources_elsewhere_give_the_same_bytes(tmp_path):
    ours = {f"gateway/{path.name}": path for path in (ROOT / "gateway").glob("*.py")}
    copies = {
        name: shutil.copy(path, tmp_path / path.name)
        for name, path in sorted(ours.items(), reverse=True)
    }
    first = bytecode(ours, sys.executable, OWN, "/var/task/")
    assert len(first) > 40
    assert bytecode(copies, sys.executable, OWN, "/var/task/") == first


def test_only_the_functions_own_version_will_do(tmp_path, monkeypatch):
    assert interpreter(OWN) == sys.executable
    monkeypatch.setenv("PATH", str(tmp_path))
    assert interpreter("3.7") is None
    other = tmp_path / "python3.7"
    for script, found in (("exit 127", None), ("echo 3.11", None), ("echo 3.7", str(other))):
        other.write_text(f"#!/bin/sh\n{script}\n")
        other.chmod(0o755)
        assert interpreter("3.7") == found
