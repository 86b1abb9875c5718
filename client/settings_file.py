"""Settings from files: `.env` in the current folder, and the user's own."""

import os
from collections.abc import MutableMapping
from pathlib import Path

from client.errors import UsageError

_PREFIX = "TRANSLATE_"
_URL, _KEY = "TRANSLATE_URL", "TRANSLATE_API_KEY"


def add_settings(environment: MutableMapping[str, str], needs_address: bool) -> None:
    """What the environment itself says goes before `.env`, and that before the user's file.
    ``needs_address``: no option names the service.

    Raises `UsageError` for a file that cannot be read, and for an address in `.env` that a key
    from elsewhere would be sent to: a folder may come from anybody.
    """
    here, own = _ours(Path(".env")), _ours(_own_file(environment))
    led = needs_address and _URL in here and _URL not in environment
    if led and _KEY not in here and _KEY in {**own, **environment}:
        raise UsageError(
            f".env names {_URL}, and your key would be sent there. Write {_KEY} beside it, or "
            "name the address with --url."
        )
    for name, value in {**own, **here}.items():
        environment.setdefault(name, value)


def _own_file(environment: MutableMapping[str, str]) -> Path:
    home = environment.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home, "serverless-translation", "settings.env")


def _ours(path: Path) -> dict[str, str]:
    return {name: v for name, v in read_settings(path).items() if name.startswith(_PREFIX)}


def read_settings(path: Path) -> dict[str, str]:
    """Lines of NAME=value, as Docker and systemd read them; empty where there is no file."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines() if path.is_file() else []
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {os.strerror(error.errno or 0)}.") from error
    parts = (line.strip().removeprefix("export ").partition("=") for line in lines)
    return {
        name: _unquoted(value) for name, equals, value in parts if equals and name.isidentifier()
    }


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value
