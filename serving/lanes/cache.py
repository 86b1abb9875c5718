"""Translations made before: interface strings and retries repeat."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from sys import getsizeof

from handlers import Options, Translation

Key = tuple[str, Options, str]
"""Pair, options and source text."""

_OVERHEAD = 550
"""Bytes of an entry beside its texts: key, options, translation, numbers and links, and the
table's slots while it grows. Measured with tracemalloc."""

_LINK = 200
"""Bytes of a link: a tuple of four numbers."""


class Cache:
    """The ``entries`` used last, in at most ``size`` bytes. Safe to call from many threads.

    It has a lock of its own, which is held for a look or a note, never for a
    translation.
    """

    def __init__(self, entries: int, size: int) -> None:
        self._entries = entries
        self._size = size
        self._used = 0
        self._kept: OrderedDict[Key, tuple[Translation, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def is_on(self) -> bool:
        return self._entries > 0

    @property
    def used(self) -> int:
        """Bytes that the entries take: their texts, and an estimate of the rest, a little high."""
        return self._used

    def look(self, keys: Sequence[Key]) -> list[Translation | None]:
        """The translation of each key, or None where the cache has none."""
        with self._lock:
            return [self._look(key) for key in keys]

    def note(self, keys: Sequence[Key], translations: Sequence[Translation]) -> None:
        with self._lock:
            for key, translation in zip(keys, translations, strict=True):
                self._note(key, translation)

    def _look(self, key: Key) -> Translation | None:
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def _note(self, key: Key, translation: Translation) -> None:
        if key in self._kept:
            return
        size = _bytes(key, translation)
        self._kept[key] = translation, size
        self._used += size
        while len(self._kept) > self._entries or self._used > self._size:
            _, (_, size) = self._kept.popitem(last=False)
            self._used -= size


def _bytes(key: Key, translation: Translation) -> int:
    source = key[2]
    others = translation.alternatives, translation.warnings
    links = _LINK * len(getattr(translation, "links", ()))
    return _OVERHEAD + links + sum(map(getsizeof, (source, translation.text, *others, *others[0])))
