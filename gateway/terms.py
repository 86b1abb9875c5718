"""Which of a glossary's terms may be in some texts: only those are sent to a model.

A glossary may hold far more than a request to an endpoint; the model's server then looks closely.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 5
"""Letters that an inflected word has in common with its dictionary form; of a shorter word all but
its last, which may change (`city`, `cities`)."""


class TermIndex:
    """The terms by their words' beginnings; made once for each dictionary."""

    def __init__(self, entries: Mapping[str, str]) -> None:
        self._entries = entries
        self._by_first: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for term in entries:
            first, *others = [_key(word) for word in _words(term)] or [""]
            self._by_first.setdefault(first, []).append((term, tuple(others)))

    def within(self, texts: Iterable[str]) -> dict[str, str]:
        """Those of the entries that may be in the texts: too many rather than too few."""
        beginnings = {start for text in texts for word in _words(text) for start in _starts(word)}
        beginnings.add("")  # of a term without letters
        return {
            term: self._entries[term]
            for first in beginnings & self._by_first.keys()
            for term, others in self._by_first[first]
            if beginnings.issuperset(others)
        }


def _words(text: str) -> Iterator[str]:
    """Without accents and case; in a script without spaces each character by itself too."""
    plain = text.casefold()
    if not plain.isascii():
        parts = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in parts if not unicodedata.combining(c))
    for match in _WORD.finditer(plain):
        yield from match[0] if not _is_spaced(match[0]) else (match[0],)


def _is_spaced(word: str) -> bool:
    return word.isascii() or all(ord(c) < 0x0E00 or 0x1100 <= ord(c) < 0x1780 for c in word)


def _key(word: str) -> str:
    return word if len(word) < 4 else word[: min(_LONGEST, len(word) - 1)]


def _starts(word: str) -> Iterator[str]:
    return (word[:size] for size in range(1, min(_LONGEST, len(word)) + 1))
