"""The rules of the house that a reader relies on, held by code."""

import ast
import sys

import pytest

from tests.running import ROOT

OURS = {
    *("serving", "handlers", "gateway", "infra", "model_folder", "models", "image", "client"),
    *("conformance", "file_formats", "policy", "serverless_translation", "smoke"),
}
MAY_IMPORT = {
    "model_folder": {"model_folder"},
    "handlers": {"handlers", "model_folder"},
    "serving": {"serving", "handlers", "model_folder"},
    "file_formats": {"file_formats"},
    "gateway": {"gateway", "file_formats"},
    "infra": {"infra", "model_folder"},
    "models": {"models", "handlers", "model_folder"},
    "image": {"image"},
    "client": {"client", "file_formats"},
    "policy": {"policy"},
    "smoke": {"smoke", "client", "model_folder"},
    "serverless_translation": {"client", "models", "serving"},
    "conformance": {"conformance", "serving", "handlers", "model_folder"},
}
# The local process is where serving and gateway meet; the HTTP API answers preflights in its stead.
MEETING_PLACES = {
    "serving/laptop/local_backend.py",
    "serving/laptop/public_api.py",
    "infra/http_api.py",
}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


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


def test_files_are_read_by_the_standard_library_and_libyaml():
    for path in (ROOT / "file_formats").rglob("*.py"):
        found = {name.partition(".")[0] for name in imports(path)}
        assert found <= sys.stdlib_module_names | {"file_formats", "yaml"}, path


# From the ground up. A room imports what stands on lower lines; files by themselves are the ground.
SERVING = (
    ("errors", "settings", "fields", "request", "jobs", "metrics", "emf"),
    ("lanes", "plugins", "text"),
    ("service", "wire"),
    ("contract",),
    ("laptop",),
    ("lifecycle",),
    ("__main__",),
)
TEXT = (
    ("protect",),
    ("divide", "glossary", "mend"),
    (
        *("aligned", "context", "joining", "paragraph", "sentence", "term_steps", "translation"),
        "warnings",
    ),
    ("markup",),
)


def modules(package):
    """Each module's own modules that it imports, by dotted names."""
    known = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path
        for path in (ROOT / package).rglob("*.py")
        if path.name != "__init__.py"
    }
    return {name: set(imports(path)) & set(known) for name, path in known.items()}


@pytest.mark.parametrize(("package", "floors"), [("serving", SERVING), ("serving/text", TEXT)])
def test_a_room_imports_only_what_stands_below_it(package, floors):
    depth = len(package.split("/"))
    floor = {room: number for number, rooms in enumerate(floors) for room in rooms}
    for name, imported in modules(package).items():
        for other in imported:
            above, below = name.split(".")[depth], other.split(".")[depth]
            same = above == below or (floor[above] == floor[below] and other.count(".") == depth)
            assert same or floor[above] > floor[below], f"{name} imports {other}"
    assert len(floors) <= 7


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_modules_import_each_other_in_a_circle(package):
    waiting = modules(package)
    while waiting:
        free = {name for name, imported in waiting.items() if not imported & set(waiting)}
        assert free, f"a circle among {sorted(waiting)}"
        waiting = {name: imported for name, imported in waiting.items() if name not in free}


def test_serving_never_names_the_engine():
    for path in (ROOT / "serving").rglob("*.py"):
        assert "ctranslate2" not in path.read_text("utf-8").lower(), path
