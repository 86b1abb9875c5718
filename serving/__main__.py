"""`python -m serving`: the local server, and what `serve` runs in the container."""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from serving.app import make_app
from serving.errors import StartError
from serving.log import set_up_logging
from serving.models import find_folders, load_models
from serving.plugins import Plugins
from serving.server import address, make_server
from serving.settings import Settings
from serving.translator import Translator


def main(arguments: list[str] | None = None) -> int:
    """Serves until it is told to stop. Returns the exit code."""
    try:
        settings = _settings(options := _parser().parse_args(arguments))
        translator = load(settings)
        if options.list:
            _print_models(translator)
            return 0
        serve(translator, settings)
    except StartError as error:
        print(f"serving: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def load(settings: Settings) -> Translator:
    folders = find_folders(Path(settings.models), settings.pair)
    return Translator(load_models(folders, Plugins()))


def serve(translator: Translator, settings: Settings) -> None:
    set_up_logging()
    server = make_server(make_app(translator, settings), settings)
    _print_ready(translator, address(server))
    server.run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m serving", description=__doc__)
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default 8080)")
    parser.add_argument("--models", help="one model folder, or a folder of them (default models)")
    parser.add_argument("--list", action="store_true", help="list what would be served, and exit")
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    """The command line, before the environment, before a laptop's defaults."""
    laptop = {"SERVING_HOST": "127.0.0.1", "SERVING_MODELS": "models"}
    settings = Settings.from_environment(laptop | os.environ)
    given = {name: getattr(options, name) for name in ("host", "port", "models")}
    return replace(settings, **{name: value for name, value in given.items() if value is not None})


def _print_models(translator: Translator) -> None:
    for model in translator.models:
        facts = model.describe()
        print(
            f"{facts['pair']}  {facts['handler']}  {facts['plugin']} ({facts['origin']})  "
            f"{facts['name']} {facts['version']}  sha256:{facts['sha256']}"
        )


def _print_ready(translator: Translator, url: str) -> None:
    # The line to paste says hello in English, if it can.
    source, target = min(translator.pairs, key=lambda pair: pair[0] != "en")
    pairs = ", ".join(f"{source} → {target}" for source, target in translator.pairs)
    print(f"Serving {pairs} on {url}. Try it:\n")
    print(
        f"  curl -H 'Content-Type: text/plain' -d 'Hello world!' "
        f"-H 'X-Amzn-SageMaker-Custom-Attributes: source={source};target={target}' "
        f"{url}/invocations\n",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
