"""What stands around a sentence and is not language: white space, list markers."""

import re

# Also what str.strip leaves: zero-width space, joiners, byte order mark, direction marks.
_SPACE = r"[\s\u200b-\u200f\u2060\ufeff]"
_MARKER = r"(?:[-*+•‣◦–—>#]+|\d{1,3}[.)]|\(?[a-zA-Z]\))"
_TRAILING_CHARACTER = re.compile(_SPACE)
_LEADING = re.compile(rf"{_SPACE}*(?:{_MARKER}{_SPACE}+)*")


def split_margins(text: str) -> tuple[str, str, str]:
    """``" - Hello "`` → ``(" - ", "Hello", " ")``; joined, the text again."""
    leading = _LEADING.match(text)
    start = leading.end() if leading else 0
    core = without_end(text[start:], _TRAILING_CHARACTER)
    end = start + len(core)
    return text[:start], core, text[end:]


def without_end(text: str, character: re.Pattern[str]) -> str:
    """``text`` without what matches at its end. A pattern with ``*`` and ``\\Z`` is quadratic."""
    end = len(text)
    while end and character.match(text, end - 1):
        end -= 1
    return text[:end]


def has_words(text: str) -> bool:
    """Whether there is a letter at all: ``"42"`` and ``"---"`` need no model."""
    return text[:1].isalpha() or any(map(str.isalpha, text))
