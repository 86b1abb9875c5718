"""Signs and quotation marks: one that the translation lost is worth a look."""

import re

_SIGN = re.compile(r"[<>{}%$€£@#“”„‟«»\"](?<!\d\")")  # 5" are inches
_WORD = re.compile(r"[^\W\d_]+")
_QUOTES = frozenset('"“”„‟«»')
_SAID = {
    "%": "percent per prozent porcento cento ciento pour",
    "$": "dollar dollars dólar dólares dolar",
    "€": "euro euros eur",
    "£": "pound pounds pfund libra libras livre livres",
    "@": "at arroba",
    "#": "number nummer número numéro nr nº no hash hashtag",
}
_WORDS = {sign: frozenset(words.split()) for sign, words in _SAID.items()}


def is_lost(source: str, translated: str) -> bool:
    """Whether a sign of ``source`` is neither in ``translated`` nor said there in a word."""
    if not _SIGN.search(source):
        return False
    signs, found = _counted(source), _counted(translated)
    lost = {sign for sign, count in signs.items() if found.get(sign, 0) < count}
    if not lost:
        return False
    words = {word.casefold() for word in _WORD.findall(translated)}
    return any(_WORDS.get(sign, frozenset()).isdisjoint(words) for sign in lost)


def _counted(text: str) -> dict[str, int]:
    """How often each sign stands in ``text``; all quotation marks count as one sign."""
    counts: dict[str, int] = {}
    for sign in _SIGN.findall(text):
        sign = '"' if sign in _QUOTES else sign
        counts[sign] = counts.get(sign, 0) + 1
    return counts
