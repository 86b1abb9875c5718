"""torch and Transformers, which only conversions need: `make models-extra` installs them."""

import importlib
import os
from importlib.util import find_spec
from typing import Any

from handlers import ModelError


def converters() -> Any:
    """`ctranslate2.converters`. Raises ModelError where torch or Transformers is missing."""
    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    if missing:
        raise ModelError(
            f"Converting needs {' and '.join(missing)}. Run `make models-extra`,"
            " then the same command with .venv-models/bin/python."
        )
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")  # its advice is not for our users
    return importlib.import_module("ctranslate2.converters")
