"""The rules of the house that a reader relies on, held by code."""

import ast
import sys

import pytest

from tests.running import ROOT

OURS = {"serving", "handlers", "gateway", "infra", "model_folder", "models", "image", "client"}
MAY_IMPORT = {
    "model_folder": {"model_folder"},
    "handlers": {"handlers", "model_folder"},
    "serving": {"serving", "handlers", "model_folder"},
    "gateway": {"gateway"},
    "infra": {"infra", "model_folder"},
    "models": {"models", "handlers", "model_folder"},
    "image": {"image"},
    "client": {"client"},
}
# The local process is where serving and gateway meet; the HTTP API answers preflights in its stead.
MEETING_PLACES = {"serving/local_backend.py", "serving/public_api.py", "infra/http_api.py"}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_packages_import_only_what_they_may(package):
    for path in (ROOT / package).rglob("*.py"):
        allowed = set(MAY_IMPORT[package])
        if path.relative_to(ROOT).as_posix() in MEETING_PLACES:
            allowed.add("gateway")
        found = {name.partition(".")[0] for name in imports(path)} & OURS
        assert found <= allowed, f"{path} imports {found - allowed}"


def test_a_model_folder_is_described_by_the_standard_library():
    for path in (ROOT / "model_folder").rglob("*.py"):
        found = {name.partition(".")[0] for name in imports(path)}
        assert found <= sys.stdlib_module_names | {"model_folder"}, path


def test_serving_never_names_the_engine():
    for path in (ROOT / "serving").rglob("*.py"):
        assert "ctranslate2" not in path.read_text("utf-8").lower(), path
