"""Discovery, claims and refusals of plugins; files are really dropped and imported."""

import sys
from textwrap import dedent

import pytest

import handlers
from handlers import ModelFolder
from serving.errors import StartError
from serving.plugins.claims import Plugins

PLUGIN = """
from handlers import Translation, hookimpl

@hookimpl
def register_handlers(register):
    register({source!r}, {target!r}, Echo)

class Echo:
    def __init__(self, folder):
        pass
    def translate(self, segments, options):
        return [Translation(segment) for segment in segments]
"""


@pytest.fixture
def drop(tmp_path, monkeypatch):
    """``drop(name, code)`` puts a plugin file where `handlers/` is searched."""
    monkeypatch.setattr(handlers, "__path__", [*handlers.__path__, str(tmp_path)])
    before = set(sys.modules)

    def write(name, code):
        (tmp_path / f"{name}.py").write_text(dedent(code))

    yield write
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.fixture
def folder(tmp_path_factory):
    """``folder(pair, *files)`` is a model folder with these empty files."""

    def make(pair, *files):
        path = tmp_path_factory.mktemp("models") / pair
        path.mkdir()
        for name in files:
            (path / name).touch()
        return ModelFolder(path)

    return make


def plugin(source, target):
    return PLUGIN.format(source=source, target=target)


def test_our_own_default_is_a_plugin(folder):
    claim = Plugins().claim(folder("fr_en"))
    assert (claim.plugin, claim.origin) == ("handlers.default", "handlers/default.py")


def test_a_dropped_file_is_found(drop, folder):
    drop("french", plugin("fr", "en"))
    assert Plugins().claim(folder("fr_en")).origin == "handlers/french.py"


def test_the_most_specific_claim_wins(drop, folder):
    drop("french", plugin("fr", "*"))
    drop("exact", plugin("fr", "en"))
    plugins = Plugins()
    claims = [plugins.claim(folder(pair)) for pair in ("fr_en", "fr_de", "es_de")]
    assert [claim.plugin for claim in claims] == [
        "handlers.exact",
        "handlers.french",
        "handlers.default",
    ]


def refuse(pattern):
    return pytest.raises(StartError, match=pattern)


def test_two_equal_claims_are_refused_by_name(drop):
    drop("one", plugin("fr", "en"))
    drop("two", plugin("fr", "en"))
    with refuse("Plugins handlers.one and handlers.two both register 'fr' → 'en'"):
        Plugins()


def test_two_equally_specific_claims_are_refused_by_name(drop, folder):
    drop("one", plugin("fr", "*"))
    drop("two", plugin("*", "en"))
    with refuse("Plugins handlers.one and handlers.two both claim fr_en"):
        Plugins().claim(folder("fr_en"))


def test_a_failing_import_is_refused_by_name(drop):
    drop("broken", "import no_such_package")
    with refuse("Plugin handlers.broken .*ModuleNotFoundError: No module named 'no_such_package'"):
        Plugins()


def test_a_syntax_error_is_refused_by_name(drop):
    drop("broken", "def register_handlers(register:")
    with refuse("Plugin handlers.broken .*SyntaxError"):
        Plugins()


def test_a_misspelt_hook_is_refused_by_name(drop):
    drop("misspelt", plugin("fr", "en").replace("register_handlers", "register_handler"))
    with refuse(
        "Plugin handlers.misspelt: .*register_handler.* The only hook is register_handlers"
    ):
        Plugins()


def test_a_wrong_hook_argument_is_refused_by_name(drop):
    drop("wrong", plugin("fr", "en").replace("(register)", "(add)"))
    with refuse("Plugin handlers.wrong .*add"):
        Plugins()


def test_a_file_without_a_hook_is_refused_by_name(drop):
    drop("empty", "")
    with refuse("Plugin handlers.empty .*registers no handler"):
        Plugins()


def test_a_failing_hook_is_refused_by_name(drop):
    drop("failing", plugin("fr", "en").replace("register('fr', 'en', Echo)", "raise ValueError(7)"))
    with refuse("Plugin handlers.failing failed in register_handlers: ValueError: 7"):
        Plugins()


FORMAT = """
from handlers import Translation, hookimpl

@hookimpl
def register_handlers(register):
    register("*", "*", Echo, can_load=can_load)

def can_load(folder):
    return {answer}

class Echo:
    def __init__(self, folder):
        pass
    def translate(self, segments, options):
        return [Translation(segment) for segment in segments]
"""
HAS_FILE = '(folder.path / "model.onnx").is_file()'


def test_a_claim_on_a_format_serves_folders_of_it_only(drop, folder):
    drop("onnx", FORMAT.format(answer=HAS_FILE))
    plugins = Plugins()
    assert plugins.claim(folder("fr_en", "model.onnx")).plugin == "handlers.onnx"
    assert plugins.claim(folder("fr_en", "model.bin")).plugin == "handlers.default"


def test_a_claim_on_a_pair_goes_before_one_on_a_format(drop, folder):
    drop("onnx", FORMAT.format(answer=HAS_FILE))
    drop("french", plugin("fr", "*"))
    assert Plugins().claim(folder("fr_en", "model.onnx")).plugin == "handlers.french"


def test_two_claims_on_the_format_of_one_folder_are_refused_by_name(drop, folder):
    drop("one", FORMAT.format(answer=HAS_FILE))
    drop("two", FORMAT.format(answer=HAS_FILE))
    plugins = Plugins()
    assert plugins.claim(folder("fr_en")).plugin == "handlers.default"
    with refuse("Plugins handlers.one and handlers.two both claim fr_en"):
        plugins.claim(folder("fr_en", "model.onnx"))


def test_a_failing_can_load_is_refused_by_name(drop, folder):
    drop("failing", FORMAT.format(answer="1 / 0"))
    with refuse("Plugin handlers.failing .* failed in can_load of .*fr_en: ZeroDivisionError"):
        Plugins().claim(folder("fr_en"))
