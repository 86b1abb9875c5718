"""Discovery, claims and refusals of plugins; files are really dropped and imported."""

import sys
from textwrap import dedent

import pytest

import handlers
from serving.errors import StartError
from serving.plugins import Plugins

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


def plugin(source, target):
    return PLUGIN.format(source=source, target=target)


def test_our_own_default_is_a_plugin():
    claim = Plugins().claim("fr", "en")
    assert (claim.plugin, claim.origin) == ("handlers.default", "handlers/default.py")


def test_a_dropped_file_is_found(drop):
    drop("french", plugin("fr", "en"))
    assert Plugins().claim("fr", "en").origin == "handlers/french.py"


def test_the_most_specific_claim_wins(drop):
    drop("french", plugin("fr", "*"))
    drop("exact", plugin("fr", "en"))
    plugins = Plugins()
    claims = [plugins.claim("fr", "en"), plugins.claim("fr", "de"), plugins.claim("es", "de")]
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


def test_two_equally_specific_claims_are_refused_by_name(drop):
    drop("one", plugin("fr", "*"))
    drop("two", plugin("*", "en"))
    with refuse("Plugins handlers.one and handlers.two both claim fr_en"):
        Plugins().claim("fr", "en")


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
