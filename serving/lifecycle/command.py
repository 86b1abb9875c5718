"""The command line of `python -m serving`."""

import argparse
import gc
import logging
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from serving.contract.log import set_up_logging
from serving.errors import StartError
from serving.lifecycle import loading
from serving.lifecycle.exit import CANNOT_START
from serving.lifecycle.settings_file import add_settings
from serving.lifecycle.signals import on_leave
from serving.plugins.claims import Plugins
from serving.plugins.closing import close_handlers
from serving.plugins.models import Model, find_folders, load_models
from serving.settings import Settings

if TYPE_CHECKING:
    from serving.service.translator import Translator

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
"""Where the packages lie, and the embedded models."""

_OWN_MODELS = "models-local"
"""The folder in which `python -m models add` puts models in a clone; git ignores it."""

_DESCRIPTION = "The local server, and what the container starts."
_NOTHING_TO_TRAIN = "train: nothing to do: models are served as they come, embedded in the archive."


_COMMAND = (
    "curl -H 'Content-Type: text/plain' -d 'Hello world!' -H 'X-Amzn-SageMaker-Custom-Attributes: "
    "source={source};target={target}' {url}/invocations"
)
_COMMAND_WITH_KEY = (
    "curl -H 'X-API-Key: YOUR_KEY' -d q='Hello world!' -d source={source} -d target={target} "
    "{url}/translate"
)
"""`/invocations`, which knows no keys, is not offered then."""

_SWITCH = 0.0005
"""Seconds a thread may compute while others want to. The default of 5 ms, many times over,
is what a sentence would wait while a document is taken apart."""

_HEAD_START = 0.2
"""Seconds at most in which the engine is imported before the server: two threads that
import hinder each other, a thread that imports and one that reads a model do not."""


def main(
    arguments: list[str] | None = None, prog: str = "python -m serving", own_models: str = ""
) -> int:
    """Serves until it is told to stop. Returns the exit code. ``own_models``: the folder of
    models that were added, if they do not lie beside the embedded ones."""
    options = _parser(prog).parse_args(arguments)
    if options.command == "train":
        print(_NOTHING_TO_TRAIN)
        return 0
    try:
        settings = _settings(options, own_models or str(_ROOT / _OWN_MODELS))
        if options.list:
            _end_by_signals()
            models = load(settings)
            _print_models(models)
            close_handlers(models)
            return 0
        return serve(settings)
    except StartError as error:
        print(f"serving: {error}", file=sys.stderr)
        return CANNOT_START
    except KeyboardInterrupt:
        return 130


def load(settings: Settings, imported: Callable[[], None] = lambda: None) -> list[Model]:
    """Calls ``imported`` when all plugins are; reading models needs little Python then."""
    folders = find_folders(Path(settings.models), settings.pair, settings.own_models)
    plugins = Plugins()
    imported()
    return load_models(folders, plugins)


def serve(settings: Settings) -> int:
    """Returns the exit code, once the server was told to stop."""
    gc.disable()  # until all is loaded: nothing of that is garbage
    sys.setswitchinterval(_SWITCH)
    set_up_logging(settings)
    _allow_many_files()
    imported = threading.Event()
    models = loading.begin(partial(load, settings, imported.set))
    imported.wait(_HEAD_START)
    # Not at the top: the models load meanwhile.
    from serving.laptop.public_api import PublicApi
    from serving.lifecycle.process import Process

    public_api = PublicApi.prepare(settings.host)
    if public_api is None and (why := PublicApi.why_not(settings.host)):
        log.warning("the public API is not offered; %s", why)
    command = _COMMAND if public_api is None or not public_api.needs_key else _COMMAND_WITH_KEY
    announce = partial(_print_ready, page=public_api is not None, command=command)
    return Process(settings, public_api).run(models, announce)


def _end_by_signals() -> None:
    """Die of signals, as a program that serves nobody: a list broken off is no success."""
    on_leave(signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _allow_many_files() -> None:
    """A connection takes a file descriptor, and the usual soft limit is 1024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class _Version(argparse.Action):
    """Finds the version only when asked for it, with modules that a start does without."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from serving.lifecycle.version import version

        print(f"{parser.prog} {version()}")
        parser.exit()


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence; argparse's own shows the usage before it."""
        self.exit(2, f"serving: {message[:1].upper()}{message[1:]}. See {self.prog} --help.\n")


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=prog, description=_DESCRIPTION)
    parser.add_argument(
        "command",
        nargs="?",
        choices=("serve", "train"),
        help="what SageMaker starts the container with: serve listens on every interface and "
        "finds its model in /opt/ml/model; train says that there is nothing to train",
    )
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default 8080)")
    parser.add_argument("--models", help="one model folder, or a folder of them (default models)")
    parser.add_argument("--list", action="store_true", help="list what would be served, and exit")
    parser.add_argument("--version", action=_Version, nargs=0, help="print it, and exit")
    return parser


def _settings(options: argparse.Namespace, own_models: str) -> Settings:
    """The command line, before the environment, before files of settings, before a laptop's
    defaults."""
    if options.command != "serve":
        add_settings(os.environ)
    laptop = {"SERVING_HOST": "127.0.0.1", "SERVING_MODELS": str(_ROOT / "models")}
    if options.models is None and "SERVING_MODELS" not in os.environ:
        laptop["MODELS_DIR"] = own_models
    defaults = {} if options.command == "serve" else laptop
    settings = Settings.from_environment(defaults | os.environ)
    given = {name: getattr(options, name) for name in ("host", "port", "models")}
    return replace(settings, **{name: value for name, value in given.items() if value is not None})


def _print_models(models: list[Model]) -> None:
    for model in models:
        facts = model.describe()
        print(
            f"{facts['pair']}  {facts['handler']}  {facts['plugin']} ({facts['origin']})  "
            f"{facts['name']} {facts['version']}  sha256:{facts['sha256']}"
            f"{'  a demonstration' if facts['demonstration'] else ''}"
        )


def _listed(pairs: list[tuple[str, str]]) -> str:
    return ", ".join(f"{source} → {target}" for source, target in pairs)


def _print_ready(translator: "Translator", url: str, page: bool, command: str) -> None:
    # The line to paste says hello in English, if it can.
    source, target = min(translator.pairs, key=lambda pair: pair[0] != "en")
    shown = translator.demonstrations
    pairs = _listed([pair for pair in translator.pairs if pair not in shown])
    if shown:
        pairs += f"{', and ' if pairs else ''}as a demonstration {_listed(shown)}"
    how = "Open it in a browser, or paste:" if page else "Try it:"
    print(f"Serving {pairs} on {url}. {how}\n")
    print(f"  {command.format(source=source, target=target, url=url)}\n", flush=True)
