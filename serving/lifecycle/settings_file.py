"""Settings from files: `.env` in the current folder, and the user's own."""

import os
from collections.abc import Iterator, MutableMapping
from pathlib import Path

from serving.errors import StartError

_PREFIXES = ("SERVING_", "GATEWAY_", "ENGINE_", "MODELS_")


def add_settings(environment: MutableMapping[str, str]) -> None:
    """What the environment itself says goes before `.env`, and that before the user's file.

    Raises `StartError` for a file that cannot be read.
    """
    for path in _places(environment):
        for name, value in read_settings(path).items():
            if name.startswith(_PREFIXES):
                environment.setdefault(name, value)


def _places(environment: MutableMapping[str, str]) -> Iterator[Path]:
    yield Path(".env")
    home = environment.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    yield Path(home, "serverless-translation", "settings.env")


def read_settings(path: Path) -> dict[str, str]:
    """Lines of NAME=value, as Docker and systemd read them; empty where there is no file."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines() if path.is_file() else []
    except OSError as error:
        raise StartError(f"{path} cannot be read: {os.strerror(error.errno or 0)}.") from error
    parts = (line.strip().removeprefix("export ").partition("=") for line in lines)
    return {
        name: _unquoted(value) for name, equals, value in parts if equals and name.isidentifier()
    }


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value
