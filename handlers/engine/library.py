"""CTranslate2, without asyncio: a fifteenth of a start, for generators that nobody here uses."""

import importlib
import sys
from types import ModuleType
from typing import Any


class _Late(ModuleType):
    """Stands in for a module, which is imported when something of it is asked for.

    `importlib.util.LazyLoader` is not safe among threads before Python 3.12.3.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self.__name__), name)


def _import_engine() -> ModuleType:
    if "asyncio" in sys.modules:
        return importlib.import_module("ctranslate2")
    sys.modules["asyncio"] = _Late("asyncio")
    try:
        return importlib.import_module("ctranslate2")
    finally:
        del sys.modules["asyncio"]


ctranslate2: Any = _import_engine()
