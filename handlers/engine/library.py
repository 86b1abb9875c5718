"""CTranslate2, without asyncio: it asks for that at import, for generators that nobody uses here.

That is a tenth of the time this module takes, and a fifteenth of a start. So a stand-in takes
asyncio's place while CTranslate2 is imported, and imports the real one for whoever asks the
stand-in for anything, then or later, in this thread or another.
"""

import importlib
import sys
from types import ModuleType
from typing import Any


class _Late(ModuleType):
    """A module that is imported when something of it is asked for.

    `importlib.util.LazyLoader` is not safe among threads before Python 3.12.3.
    """

    def __getattr__(self, name: str) -> Any:
        self.step_aside()  # else the import would find this module again
        return getattr(importlib.import_module(self.__name__), name)

    def step_aside(self) -> None:
        if sys.modules.get(self.__name__) is self:
            sys.modules.pop(self.__name__, None)


def _import_engine() -> ModuleType:
    stand_in = _Late("asyncio")
    sys.modules.setdefault("asyncio", stand_in)
    try:
        return importlib.import_module("ctranslate2")
    finally:
        stand_in.step_aside()


ctranslate2: Any = _import_engine()
