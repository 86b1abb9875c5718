"""`python -m conformance MODELS [--pair en_fr] [--plugin NAME] [--texts FILE]`.

Runs against a model folder, or one pair in a folder of them, with whatever serves it.
"""

import os
import sys
from pathlib import Path

import pytest


def main(arguments: list[str]) -> int:
    """Pytest's exit code: 0 where the handler keeps the contract."""
    if not arguments or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    models, *others = arguments
    checks = str(Path(__file__).with_name("checks.py"))
    options = [
        "--rootdir",
        str(Path(__file__).parents[1]),
        "-p",
        "conformance.plugin",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        "-q",
        "-rA",
    ]
    return int(pytest.main([*options, "--models", models, *others, checks]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
