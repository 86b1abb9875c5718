"""Sentences longer than the model takes, cut by tokens; nothing is dropped."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

Tokenize = Callable[[Sequence[str]], list[list[str]]]
_WORDS = re.compile(r"\s*\S+\s*?(?=\s\S|\Z)|\s+")
# The first that is found in the second half: a sentence's end, a clause's, a comma.
_GOOD_BREAKS = (
    re.compile(r"[.!?…。！？][\"”’»)\]]*\s*\Z"),
    re.compile(r"[;:)\]–—]\s*\Z"),
    re.compile(r"[,，、]\s*\Z"),
)
_EDGE = 8  # characters of a word, the last ones
_JOINERS = "\u200d\ufe0e\ufe0f"


def cut(text: str, tokenize: Tokenize, max_tokens: int) -> list[str]:
    """Pieces of at most ``max_tokens`` tokens that joined are ``text`` again.

    Cuts between words, at a sentence's end, a clause's or a comma in the second half; a word
    that is too long by itself is cut between characters.
    """
    words = _WORDS.findall(text)
    tokens = tokenize(words)
    atoms: list[str] = []
    sizes: list[int] = []
    for word, own in zip(words, tokens, strict=True):
        parts = [word] if len(own) <= max_tokens else list(_halve(word, tokenize, max_tokens))
        atoms += parts
        sizes += [len(own)] if len(parts) == 1 else [max_tokens] * len(parts)
    # Parts of like length: a short rest would be translated without its context.
    maximum = -(-sum(sizes) // -(-sum(sizes) // max_tokens))
    # Tokens of a whole can exceed those of its parts by one or two: look again.
    return [
        part
        for chunk in _pack(atoms, sizes, maximum)
        for part in _halve(chunk, tokenize, max_tokens)
    ]


def _pack(atoms: list[str], sizes: list[int], maximum: int) -> Iterator[str]:
    start = 0
    while start < len(atoms):
        end, total = start, 0
        while end < len(atoms) and (total + sizes[end] <= maximum or end == start):
            total += sizes[end]
            end += 1
        end = _good_end(atoms, start, end) if end < len(atoms) else end
        yield "".join(atoms[start:end])
        start = end


def _good_end(atoms: list[str], start: int, end: int) -> int:
    middle = (start + end) // 2
    for good_break in _GOOD_BREAKS:
        for at in range(end, middle, -1):
            if good_break.search(atoms[at - 1][-_EDGE:]):
                return at
    return end


def _halve(text: str, tokenize: Tokenize, maximum: int) -> Iterator[str]:
    if len(text) < 2 or len(tokenize([text])[0]) <= maximum:
        yield text
        return
    middle = _between_characters(text, len(text) // 2)
    yield from _halve(text[:middle], tokenize, maximum)
    yield from _halve(text[middle:], tokenize, maximum)


def _between_characters(text: str, at: int) -> int:
    """The next place at or after ``at`` where no accent or joiner is torn off."""
    end = at
    while end < len(text) and _continues(text, end):
        end += 1
    return end if end < len(text) else at


def _continues(text: str, at: int) -> bool:
    return (
        unicodedata.combining(text[at]) > 0
        or text[at] in _JOINERS
        or text[at - 1] == _JOINERS[0]
        or "\U0001f3fb" <= text[at] <= "\U0001f3ff"
    )
