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
_DASH = re.compile(r"(?<=\s)[-–—―](?=\s)")
_QUOTE = re.compile(r"[\"“”„‟«»]")


def is_foreign(text: str, knows: Knows) -> bool:
    """Whether more than half of the letters are unknown."""
    if text.isascii():
        return False
    letters = [letter for letter in text if letter.isalpha()]
    unknown = {c for c in set(letters) if not c.isascii() and not knows(c)}
    return 2 * sum(letter in unknown for letter in letters) > len(letters)


def plain(text: str, knows: Knows) -> str:
    """Unknown marks as ASCII has them; of the same length."""
    if text.isascii():
        return text
    wanted = {ord(c): _PLAIN[c] for c in set(text) if c in _PLAIN and not knows(c)}
    return text.translate(wanted) if wanted else text


def restore(translated: str, source: str) -> str:
    """With the quotes and dashes of ``source``, where both have as many."""
    for mark in (_QUOTE, _DASH):
        translated = _restore(translated, mark.findall(source), mark)
    return translated


def _restore(translated: str, marks: Sequence[str], mark: re.Pattern[str]) -> str:
    if not marks or len(mark.findall(translated)) != len(marks):
        return translated
    own = iter(marks)
    return mark.sub(lambda _: next(own), translated)
