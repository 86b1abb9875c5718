#!/usr/bin/env python3
"""The command line: ./translate.py 'Hello world!'. docs/cli.md describes it, client/ does it."""

import importlib.util
import os
import sys
from pathlib import Path

_VENV = Path(__file__).resolve().parent / ".venv"


def _lacks_something() -> bool:
    return sys.version_info < (3, 11) or not all(
        importlib.util.find_spec(name) for name in ("boto3", "tqdm")
    )


def _use_own_environment() -> None:
    """Runs again with what `make run` installed, where this Python lacks it."""
    python = _VENV / "bin" / "python"
    if _lacks_something() and Path(sys.prefix) != _VENV and python.exists():
        os.execv(python, [str(python), __file__, *sys.argv[1:]])  # noqa: S606


def main() -> None:
    _use_own_environment()
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts it may have an older one
        sys.exit("translate.py: Python 3.11 or newer is needed; run `make run` once.")
    from client.command import main as run

    run()


if __name__ == "__main__":
    main()
