"""Loops: a model that says the same again and again, or far too much."""

from collections.abc import Sequence

from serving.text.protect.scripts import width

_LONGEST = 8  # words or characters of what is repeated
_COPIES = 4
_LONG = 12  # characters of a word that may be made of copies
_RATIO = 4
_ALLOWANCE = 40


def is_suspicious(source: str, translated: str) -> bool:
    """Whether the translation loops where the source does not, or is much too long."""
    if _is_too_long(source, translated):
        return True
    if not _may_loop(translated):
        return False
    copies = most_copies(translated)
    return copies >= _COPIES and copies > 2 * most_copies(source)


def _is_too_long(source: str, translated: str) -> bool:
    """By their widths, looked at only where three letters a character would make it so."""
    if 3 * len(translated) <= _RATIO * len(source) + _ALLOWANCE:
        return False
    return width(translated) > _RATIO * width(source) + _ALLOWANCE


def _may_loop(text: str) -> bool:
    """Whether enough words, or letters of a word, are there again: in few sentences they are."""
    words = text.casefold().split()
    return len(words) - len(set(words)) >= _COPIES - 1 or any(
        len(word) - len(set(word)) >= 2 * _COPIES - 1 for word in words if len(word) >= _LONG
    )


def most_copies(text: str) -> int:
    """How often in a row the most repeated phrase stands: ``"ha ha ha"`` → 3.

    A phrase has up to 8 words; or 8 characters, if six copies or more in a row
    make up a good part of a word.
    """
    words = text.casefold().split()
    # Nothing comes twice in a row where no word comes twice.
    copies = _copies(words) if len(set(words)) < len(words) else 1
    characters = max((_copies(word) for word in words if len(word) >= _LONG), default=1)
    return max(copies, characters // 2)


def _copies(items: Sequence[str]) -> int:
    return max(
        (_longest_run(items, size) // size + 1 for size in range(1, _LONGEST + 1)), default=1
    )


def _longest_run(items: Sequence[str], size: int) -> int:
    longest = run = 0
    for index in range(size, len(items)):
        run = run + 1 if items[index] == items[index - size] else 0
        if run > longest:
            longest = run
    return longest
