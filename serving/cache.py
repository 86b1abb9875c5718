"""Translations made before: interface strings and retries repeat."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence

from handlers import Translation

_OVERHEAD = 500
"""Bytes of an entry beside its texts: keys, objects, links. Measured with tracemalloc:
610 in all for texts of 45 ASCII characters, which count here as 860."""


class Cache:
    """The ``entries`` used last, in at most ``size`` bytes. Safe to call from many threads.

    It has a lock of its own, which is held for a look or a note, never for a
    translation.
    """

    def __init__(self, entries: int, size: int) -> None:
        self._entries = entries
        self._size = size
        self._used = 0
        self._kept: OrderedDict[Hashable, tuple[Translation, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def is_on(self) -> bool:
        return self._entries > 0

    @property
    def used(self) -> int:
        """Bytes, as estimated from the texts' lengths."""
        return self._used

    def look(self, keys: Sequence[Hashable]) -> list[Translation | None]:
        """What is known of each; None where nothing is."""
        with self._lock:
            return [self._look(key) for key in keys]

    def note(self, keys: Sequence[Hashable], translations: Sequence[Translation]) -> None:
        with self._lock:
            for key, translation in zip(keys, translations, strict=True):
                self._note(key, translation)

    def _look(self, key: Hashable) -> Translation | None:
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def _note(self, key: Hashable, translation: Translation) -> None:
        if key in self._kept:
            return
        size = _bytes(translation)
        self._kept[key] = translation, size
        self._used += size
        while len(self._kept) > self._entries or self._used > self._size:
            _, (_, size) = self._kept.popitem(last=False)
            self._used -= size


def _bytes(translation: Translation) -> int:
    """Of the entry: four bytes a character, and a source about as long as its translation."""
    texts = (translation.text, *translation.alternatives)
    return _OVERHEAD + 4 * (len(translation.text) + sum(map(len, texts)))
