"""Which version this is."""

import tomllib
from importlib import metadata
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def version() -> str:
    """Of the clone, else of what is installed; an image has its version as a label."""
    if _PROJECT.is_file():
        return str(tomllib.loads(_PROJECT.read_text("utf-8"))["project"]["version"])
    try:
        return metadata.version("serverless-translation")
    except metadata.PackageNotFoundError:
        return "unknown"
