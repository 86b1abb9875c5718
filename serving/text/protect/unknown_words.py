"""Words and prices with a character that the model's vocabulary lacks: ``Łódź``, ``5 €``."""

import re
from collections.abc import Callable, Iterator

from serving.text.protect.spans import Find, Span

_WORD = re.compile(r"[^\W\d_]+")
_PRICE = re.compile(r"[€£¥₹₽₺₴](?:[ \u00a0\u202f]?\d[\d.,]*\d|[ \u00a0\u202f]?\d)?")
_AMOUNT = re.compile(r"(?<![\d.,])\d[\d.,]*[ \u00a0\u202f]?[€£¥₹₽₺₴]")


def with_unknown_words(find: Find, knows: Callable[[str], bool]) -> Find:
    """What ``find`` finds, and what a model that ``knows`` some characters only would lose.

    No word of a text in which more than half of the letters are unknown: that text gets a warning.
    """

    def found(text: str) -> Iterator[Span]:
        yield from find(text)
        if not text.isascii():
            unknown = {c for c in set(text) if not c.isascii() and not knows(c)}
            yield from _unknown(text, unknown)

    return found


def _unknown(text: str, unknown: set[str]) -> Iterator[Span]:
    if not unknown:
        return
    letters = {c for c in unknown if c.isalpha()}
    if letters and 2 * sum(c in letters for c in text) <= sum(map(str.isalpha, text)):
        for match in _WORD.finditer(text):
            if not letters.isdisjoint(match[0]):
                yield Span(*match.span())
    for pattern in (_PRICE, _AMOUNT):
        for match in pattern.finditer(text):
            if not unknown.isdisjoint(match[0]):
                yield Span(*match.span(), "number")
