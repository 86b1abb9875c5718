"""Text in capitals: models know sentences, so it is translated as one and put back after."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

_TURKIC = ("tr", "az")
_SHORTEST = 4
_WORD = re.compile(r"\w+")
_SMALL = re.compile(r"\b[A-Z]?[a-z]+\b")
"""Nearly every sentence has such a word, near its beginning, and is not all capitals then."""
_MIXED = re.compile(  # iPhone, McDONALD, v2
    r"(?<!\w)(?:[A-Z]{0,20}[a-z]{1,4}[A-Z][A-Za-z]{0,20}|[a-z]{1,4}\d+)(?!\w)"
)


def protect(text: str, language: str, kept: Sequence[tuple[int, int]] = ()) -> str | None:
    """``text`` in sentence case, same length; None if it is not all capitals.

    Fewer than four letters stay: they rather are an abbreviation. ``kept`` are
    ranges that are neither looked at nor changed. So are words that have capitals or digits
    beside small letters, as ``iPhone`` and ``v2``, where all others are capitals.
    """
    if not kept and _SMALL.search(text):
        return None
    if text.upper() != text:
        kept = sorted([*kept, *_mixed_outside(text, kept)])
        if not kept:
            return None
    parts = list(_around(text, kept))
    letters = sum(sum(map(str.isupper, part)) for part in parts[::2])
    if letters < _SHORTEST or any(part.upper() != part for part in parts[::2]):
        return None
    if any(c.isalpha() and not c.isupper() for part in parts[::2] for c in part):
        return None  # titlecase, or a script without capitals among them
    lowered = list(parts)
    lowered[::2] = ["".join(_lower(c, language) for c in part) for part in parts[::2]]
    index = next(i for i in range(0, len(parts), 2) if any(map(str.isupper, parts[i])))
    part = parts[index]
    first = next(at for at, c in enumerate(part) if c.isupper())
    lowered[index] = lowered[index][:first] + part[first] + lowered[index][first + 1 :]
    return "".join(lowered)


def restore(translated: str, language: str, source: str = "") -> str:
    """``translated`` in capitals, but for the words of ``source`` that `protect` keeps."""
    kept = {word[0] for word in _MIXED.finditer(source)}
    if not kept:
        return _raised(translated, language)
    return _WORD.sub(lambda m: m[0] if m[0] in kept else _raised(m[0], language), translated)


def _mixed_outside(text: str, kept: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    starts = [start for start, _ in kept]
    for word in _MIXED.finditer(text):
        index = bisect_left(starts, word.end()) - 1
        if index < 0 or kept[index][1] <= word.start():
            yield word.span()


def _raised(text: str, language: str) -> str:
    if language.partition("-")[0].lower() in _TURKIC:
        text = text.replace("i", "İ").replace("ı", "I")
    return text.upper()


def _around(text: str, kept: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Free, kept, free, …: an odd count, joined the text again."""
    at = 0
    for start, end in kept:
        yield text[at:start]
        yield text[start:end]
        at = end
    yield text[at:]


def _lower(character: str, language: str) -> str:
    if language.partition("-")[0].lower() in _TURKIC and character in "Iİ":
        return "ı" if character == "I" else "i"
    lower = character.lower()
    return lower if lower.upper() == character else character  # not a kelvin sign
