"""Text in capitals: models know sentences, so it is translated as one and put back after."""

from collections.abc import Iterator, Sequence

_TURKIC = ("tr", "az")
_SHORTEST = 4


def protect(text: str, language: str, kept: Sequence[tuple[int, int]] = ()) -> str | None:
    """``text`` in sentence case, same length; None if it is not all capitals.

    Fewer than four letters stay: they rather are an abbreviation. ``kept`` are
    ranges that are neither looked at nor changed.
    """
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


def restore(translated: str, language: str) -> str:
    """In capitals."""
    if language.partition("-")[0].lower() in _TURKIC:
        translated = translated.replace("i", "İ").replace("ı", "I")
    return translated.upper()


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
