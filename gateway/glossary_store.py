"""Where glossaries are kept: each belongs to a caller, and no other caller ever sees it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from gateway.glossary import Glossary, GlossaryInfo

MAX_GLOSSARIES = 1000  # of one caller, as DeepL's
_REMEMBERED = 32_000_000  # bytes of glossaries in this process's memory
Change = Callable[[Glossary], Glossary]


class GlossaryStore(Protocol):
    """Raises GatewayError where what keeps the glossaries cannot be reached."""

    def infos(self, owner: str) -> list[GlossaryInfo]:
        """The owner's glossaries, oldest first."""

    def get(self, owner: str, glossary_id: str) -> Glossary | None: ...

    def create(self, owner: str, glossary: Glossary) -> None: ...

    def change(self, owner: str, glossary_id: str, change: Change) -> Glossary | None:
        """What `change` makes of it, kept in its place; None where there is none.

        Of two changes at once, the second begins with what the first made.
        """

    def delete(self, owner: str, glossary_id: str) -> bool:
        """Delete the glossary; False where there was none."""


class Remembered:
    """Glossaries read before, with the revision they had; those used last, by size."""

    def __init__(self, size: int = _REMEMBERED) -> None:
        self._size = size
        self._used = 0
        self._kept: OrderedDict[tuple[str, str], tuple[str, Glossary, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, owner: str, glossary_id: str) -> tuple[str, Glossary] | None:
        """The revision and the glossary that are remembered."""
        with self._lock:
            found = self._kept.get((owner, glossary_id))
            if found is None:
                return None
            self._kept.move_to_end((owner, glossary_id))
            return found[0], found[1]

    def note(self, owner: str, revision: str, glossary: Glossary) -> None:
        with self._lock:
            self._drop(owner, glossary.id)
            size = glossary.size
            self._kept[owner, glossary.id] = revision, glossary, size
            self._used += size
            while self._used > self._size:
                self._drop(*next(iter(self._kept)))

    def drop(self, owner: str, glossary_id: str) -> None:
        with self._lock:
            self._drop(owner, glossary_id)

    def _drop(self, owner: str, glossary_id: str) -> None:
        _, _, size = self._kept.pop((owner, glossary_id), (None, None, 0))
        self._used -= size
