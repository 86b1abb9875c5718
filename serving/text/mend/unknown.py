"""What a model's vocabulary does not have: marks are written in ASCII, foreign scripts stay."""

import re
from collections.abc import Callable, Sequence

Knows = Callable[[str], bool]
_PLAIN = {
    **dict.fromkeys("“”„‟«»", '"'),
    **dict.fromkeys("‘’‚‛‹›´", "'"),
    **dict.fromkeys("–—―‐‑‒−", "-"),
    "\u202f": " ",
    "\u2009": " ",
}
_TYPOGRAPHIC = re.compile(r"[“”„‟«»‘’‚‛‹›–—―…]")
_DOUBLE = '["“”„‟«»]'
_SINGLE = r"(?<!\w)['‘’‚‛‹›](?=\S)|(?<=[^\s'‘’‚‛‹›])['’‹›](?!\w)"
_MARKS = (
    re.compile(_DOUBLE),
    re.compile(_SINGLE),
    re.compile(f"{_DOUBLE}|{_SINGLE}"),  # where the model takes one kind for the other
    re.compile(r"(?<=\s)[-–—―](?=\s)"),
    re.compile(r"…|\.{3}"),
)
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


def is_foreign(text: str, knows: Knows) -> bool:
    """Whether more than half of the letters are unknown."""
    if text.isascii():
        return False
    letters = [letter for letter in text if letter.isalpha()]
    unknown = {c for c in set(letters) if not c.isascii() and not knows(c)}
    return 2 * sum(letter in unknown for letter in letters) > len(letters)


def plain(text: str, knows: Knows) -> str:
    """``text`` with unknown marks written in ASCII, of the same length."""
    if text.isascii():
        return text
    wanted = {ord(c): _PLAIN[c] for c in set(text) if c in _PLAIN and not knows(c)}
    return text.translate(wanted) if wanted else text


def restore(translated: str, source: str) -> str:
    """``translated`` with the marks of ``source``, where it has as many plain ones."""
    if not _TYPOGRAPHIC.search(source):
        return translated
    for mark in _MARKS:
        translated = _restore(translated, mark.findall(source), mark)
    if "’" in source and "'" not in source:
        return _APOSTROPHE.sub("’", translated)
    return translated


def _restore(translated: str, marks: Sequence[str], mark: re.Pattern[str]) -> str:
    found = mark.findall(translated)
    if not marks or len(found) != len(marks):
        return translated
    if not any(map(str.isascii, found)) or not _all_known(found, marks):
        return translated  # the model knows how its language writes them
    own = iter(marks)
    return mark.sub(lambda _: next(own), translated)


def _all_known(found: Sequence[str], marks: Sequence[str]) -> bool:
    return all(own.isascii() or own in marks for own in found)
