"""The zip that Lambda gets: our source, locked packages for its processor, nothing else."""

import shutil
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.language_model import LanguageModel
from infra import function_code
from infra.bytecode import interpreter
from infra.errors import SettingsError
from infra.function_code import build_function_code, install_packages, locked_for_function
from tests.running import ROOT

LOCK = ROOT / "gateway" / "requirements.lock"


@pytest.fixture(scope="module")
def code():
    return build_function_code(ROOT)


def test_it_holds_the_handler_and_its_packages(code):
    names = set(zipfile.ZipFile(code.path).namelist())
    assert "gateway/lambda_entry.py" in names
    assert {"bottle.py", "apig_wsgi/__init__.py", "py3langid/__init__.py"} <= names


def test_it_holds_nothing_that_no_function_runs(code):
    for name in zipfile.ZipFile(code.path).namelist():
        assert not {"tests", "bin"} & set(name.split("/")), name
        assert not name.endswith("requirements.lock"), name
        assert not name.endswith(".pyc") or name.endswith(".cpython-312.pyc"), name
        ours = name.split("/")[0] in {"infra", "serving", "handlers", "model_folder", "models"}
        assert not ours, name


def test_nothing_in_it_is_compiled_for_another_processor(code):
    libraries = [name for name in zipfile.ZipFile(code.path).namelist() if ".so" in name]
    assert function_code.ARCHITECTURE == "arm64"
    assert libraries and all("-aarch64-" in name for name in libraries), libraries


def test_bytecode_is_in_it_where_the_functions_python_is_at_hand(code, monkeypatch, tmp_path):
    names = set(zipfile.ZipFile(code.path).namelist())
    assert ("__pycache__/bottle.cpython-312.pyc" in names) == bool(interpreter("3.12"))
    packages = install_packages(LOCK, ROOT / ".cache" / "function")
    (tmp_path / packages.name).symlink_to(packages)
    monkeypatch.setattr(function_code, "CACHE", tmp_path)
    monkeypatch.setattr(function_code, "interpreter", lambda version: sys.executable)
    names = set(zipfile.ZipFile(build_function_code(ROOT).path).namelist())
    assert "__pycache__/bottle.cpython-312.pyc" in names
    assert "gateway/__pycache__/lambda_entry.cpython-312.pyc" in names


def test_the_language_model_lies_unpacked(code, tmp_path):
    archive = zipfile.ZipFile(code.path)
    names = set(archive.namelist())
    assert not [name for name in names if name.startswith("numpy")]
    assert "py3langid/data/model.npz.xz" not in names
    model = LanguageModel(Path(archive.extract("py3langid/data/model.npz", tmp_path)))
    assert model.probabilities("Guten Morgen, wie geht es Ihnen?")["de"] > 0.5


def test_it_fits(code):
    entries = zipfile.ZipFile(code.path).infolist()
    assert sum(entry.file_size for entry in entries) < function_code.UNPACKED_LIMIT
    assert code.path.stat().st_size < function_code.ZIPPED_LIMIT


def test_the_same_files_give_the_same_bytes(code, monkeypatch, tmp_path):
    monkeypatch.setattr(function_code, "CACHE", tmp_path)
    packages = install_packages(LOCK, ROOT / ".cache" / "function")
    (tmp_path / packages.name).symlink_to(packages)
    again = build_function_code(ROOT)
    assert again.path != code.path
    assert again.path.read_bytes() == code.path.read_bytes()
    assert again.sha256 == code.sha256


def test_packages_installed_elsewhere_give_the_same_bytes(code, monkeypatch, tmp_path):
    # As pip leaves them under another path: the hashes of scripts, and who installed what how.
    packages = install_packages(LOCK, ROOT / ".cache" / "function")
    copy = shutil.copytree(packages, tmp_path / packages.name)
    (record,) = copy.glob("bottle-*.dist-info/RECORD")
    written = record.read_text()
    record.write_text(
        written.replace("../../bin/bottle.py,sha256=", "../../bin/bottle.py,sha256=x")
    )
    assert record.read_text() != written
    for path in copy.glob("*.dist-info/INSTALLER"):
        path.write_text("uv")
    for path in copy.rglob("*"):
        path.chmod(0o775)
    monkeypatch.setattr(function_code, "CACHE", tmp_path)
    assert build_function_code(ROOT).path.read_bytes() == code.path.read_bytes()


def test_several_may_build_it_at_once(code, monkeypatch, tmp_path):
    packages = install_packages(LOCK, ROOT / ".cache" / "function")
    (tmp_path / packages.name).symlink_to(packages)
    monkeypatch.setattr(function_code, "CACHE", tmp_path)
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(build_function_code, [ROOT] * 3))
    assert {built.sha256 for built in found} == {code.sha256}
    assert not list(tmp_path.glob("*.part"))


def test_packages_that_another_run_installed_first_are_taken(monkeypatch, tmp_path):
    def install(requirements, target):
        target.mkdir()
        (target / "mine.py").write_text("")
        for folder in taken:
            folder.mkdir()
            (folder / "theirs.py").write_text("")

    lock, cache, taken = tmp_path / "requirements.lock", tmp_path / "cache", []
    lock.write_text("bottle==0.13.4\n")
    monkeypatch.setattr(function_code, "_pip_install", install)
    folder = install_packages(lock, cache)
    shutil.rmtree(folder)
    taken.append(folder)
    assert install_packages(lock, cache) == folder
    assert [path.name for path in folder.iterdir()] == ["theirs.py"]


def test_anybody_may_read_it(code):
    modes = {entry.external_attr >> 16 for entry in zipfile.ZipFile(code.path).infolist()}
    assert modes == {0o644}


def test_the_lock_is_read_for_the_functions_python():
    lock = (
        'bottle==2.4.6 ; python_full_version < "3.12" \\\n    --hash=sha256:aa\n'
        'bottle==2.5.5 ; python_full_version >= "3.12" \\\n    --hash=sha256:bb \\\n'
        "    --hash=sha256:cc\n# a comment\n"
        "numpy==2.5.5 \\\n    --hash=sha256:ee\n"
        'colorama==0.4.6 ; sys_platform == "win32" \\\n    --hash=sha256:dd\n'
    )
    assert locked_for_function(lock) == "bottle==2.5.5 --hash=sha256:bb --hash=sha256:cc\n"


def test_packages_that_cannot_be_had_stop_the_program(tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"bottle==0.13.4 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SettingsError, match="The gateway's packages could not be fetched"):
        install_packages(lock, tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("packages-*"))


@pytest.mark.parametrize("limit", ["UNPACKED_LIMIT", "ZIPPED_LIMIT"])
def test_a_function_over_lambdas_limits_is_refused(monkeypatch, limit):
    monkeypatch.setattr(function_code, limit, 1_000_000)
    with pytest.raises(SettingsError, match=r"over Lambda's 1 MB\. Remove packages from gateway/"):
        build_function_code(ROOT)
