"""The rules of the house that a reader relies on, held by code."""

import ast

import pytest

from tests.running import ROOT

OURS = {"serving", "handlers", "gateway", "infra", "models", "image", "client"}
MAY_IMPORT = {
    "handlers": {"handlers"},
    "serving": {"serving", "handlers"},
    "gateway": {"gateway"},
    "infra": {"infra"},
    "models": {"models", "handlers", "infra"},
    "image": {"image"},
    "client": {"client"},
}
# The local process is the one place where serving and gateway meet.
MEETING_PLACES = {"serving/local_backend.py", "serving/public_api.py"}


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


def test_serving_never_names_the_engine():
    for path in (ROOT / "serving").rglob("*.py"):
        assert "ctranslate2" not in path.read_text("utf-8").lower(), path
