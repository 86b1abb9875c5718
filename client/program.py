"""What the command line is called, and where the rest of the program is.

In a clone it is `./translate.py`; installed, with pipx or uv, it is `translate`.
"""

import tomllib
from importlib import metadata
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_DISTRIBUTION = "serverless-translation"

IS_CLONE = (_ROOT / "translate.py").is_file()
NAME = "translate.py" if IS_CLONE else "translate"
COMMAND = f"./{NAME}" if IS_CLONE else NAME
"""As one types it."""
SERVER = "make run" if IS_CLONE else "translate-server"
WITH_BOTO3 = "pulumi install" if IS_CLONE else f"pipx inject {_DISTRIBUTION} boto3"


def version() -> str:
    """The clone's, else that of what is installed."""
    project = _ROOT / "pyproject.toml"
    if IS_CLONE and project.is_file():
        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])
    try:
        return metadata.version(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "unknown"
