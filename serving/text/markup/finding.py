"""Where words stand in a translation."""

import re
from collections.abc import Iterator
from itertools import islice

from serving.text.divide.prefixes import common
from serving.text.markup.passage import OPEN

_STEM = 4  # letters
_LOOKS = 20  # at each letter
_WORD = re.compile(r"\w+")
Range = tuple[int, int]


def find(text: str, content: str, torn: tuple[bool, bool] = (False, False)) -> Range | None:
    """Where ``content`` stands as whole words, once; a single word may be inflected.

    ``torn``: whether it begins, and whether it ends, within a word.
    """
    content = content.strip()
    if not content:
        return None
    found = list(islice(places_of(lower(text), lower(content), torn), 2))
    if not found and content.isalpha():
        words = (word for word in _WORD.finditer(text) if 3 * len(word[0]) >= 2 * len(content))
        found = [word.span() for word in words if _is_inflected(word[0], content)]
    return found[0] if len(found) == 1 else None


def places_of(text: str, content: str, torn: tuple[bool, bool]) -> Iterator[Range]:
    """Where ``content`` stands in ``text``, also where two overlap.

    Gives up where ``text`` is all beginnings of ``content``: that would take quadratic time.
    """
    start = text.find(content)
    left = _LOOKS * len(text)
    while start >= 0 and left > 0:
        left -= len(content)
        end = start + len(content)
        begins = torn[0] or not text[start - 1 : start].isalnum()
        if begins and (torn[1] or not text[end : end + 1].isalnum()):
            yield start, end
        start = text.find(content, start + 1)


def lower(text: str) -> str:
    """``text`` in small letters, unless these are more."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _is_inflected(word: str, other: str) -> bool:
    """``große`` and ``Großen``: at least four letters the same, and two in three."""
    same = common(word.casefold(), other.casefold())
    return same >= _STEM and 3 * same >= 2 * max(len(word), len(other))


def find_roughly(text: str, content: str, own: str) -> Range | None:
    """Where ``content`` stands without words at its edges that ``text`` lacks.

    Or ``own``, the words of the source, which the model may have copied. So ``he rejected``,
    of which ``The committee rejected it`` has no ``he``.
    """
    if OPEN in content:
        return None
    known = set(_WORD.findall(lower(text)))
    words = list(_WORD.finditer(content))
    has = [word[0].lower() in known for word in words]
    if any(has):
        first, last = has.index(True), len(has) - has[::-1].index(True)
        if 2 * (last - first) >= len(_WORD.findall(own)):
            rest = content[words[first].start() : words[last - 1].end()]
            if found := _find_long(text, rest):
                return found
    return _find_long(text, own)


def _find_long(text: str, content: str) -> Range | None:
    """As `find`, but for short words: these may be there by chance."""
    is_long = any(len(word) >= _STEM and word.isalpha() for word in _WORD.findall(content))
    return find(text, content) if is_long else None
