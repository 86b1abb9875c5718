"""Texts that make a backtracking pattern slow, read off the pattern itself.

For each repetition in it: the shortest way to that repetition, what it repeats again and
again, and an end that fits nothing. The way may be repeated too, so that a search begins anew
everywhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from re import _compiler, _parser
from re._constants import (
    ANY,
    ASSERT,
    ASSERT_NOT,
    AT,
    ATOMIC_GROUP,
    BRANCH,
    CATEGORY,
    GROUPREF,
    IN,
    LITERAL,
    MAX_REPEAT,
    MIN_REPEAT,
    NEGATE,
    NOT_LITERAL,
    POSSESSIVE_REPEAT,
    RANGE,
    SUBPATTERN,
)

_REPEATS = (MAX_REPEAT, MIN_REPEAT, POSSESSIVE_REPEAT)
_FEW = 9  # repetitions that are bounded by this are no growth
_COMMON = "a0_ \n-A.é漢"
_ENDS = ("", "\0", "a\n", "!")


@dataclass(frozen=True)
class Attack:
    start: str
    unit: str
    end: str

    def text(self, size: int) -> str:
        """Of about ``size`` characters."""
        return self.start + self.unit * (size // len(self.unit)) + self.end


def attacks(pattern: re.Pattern) -> Iterator[Attack]:
    found = dict.fromkeys(
        Attack(start, unit, end)
        for way, pumps in _repetitions(pattern)
        for pump in pumps
        for start, unit in ((way, pump), ("", way + pump))
        for end in _ENDS
        if unit
    )
    return iter(found)


def _repetitions(pattern: re.Pattern) -> Iterator[tuple[str, list[str]]]:
    source = pattern.pattern
    text = source.decode("latin-1") if isinstance(source, bytes) else source
    flags = pattern.flags & ~re.UNICODE if isinstance(source, bytes) else pattern.flags
    tree = _parser.parse(text, flags)
    alphabet = dict.fromkeys([*_COMMON, *_literals(tree)])
    yield "", list(islice(alphabet, 40))
    yield from _walk(tree, "", "".join(alphabet))


def _walk(tree, way: str, alphabet: str) -> Iterator[tuple[str, list[str]]]:
    for index, (kind, value) in enumerate(tree):
        before = way + "".join(_shortest(tree[i : i + 1]) for i in range(index))
        if kind in _REPEATS:
            least, most, body = value
            if most > _FEW:
                yield before, _samples(body, alphabet)
            yield from _walk(body, before + _shortest(body) * max(0, least - 1), alphabet)
        else:
            for inner in _inner(kind, value):
                yield from _walk(inner, before, alphabet)


def _inner(kind, value) -> list:
    if kind is BRANCH:
        return value[1]
    if kind is SUBPATTERN:
        return [value[-1]]
    if kind in (ASSERT, ASSERT_NOT):
        return [value[1]]
    return [value] if kind is ATOMIC_GROUP else []


def _samples(body, alphabet: str) -> list[str]:
    """What it may repeat: each character of the alphabet that fits, and one of each branch."""
    one = _compiler.compile(body, body.state.flags)
    fitting = [character for character in alphabet if one.fullmatch(character)]
    words = [_shortest(inner) for kind, value in body for inner in _inner(kind, value)]
    return list(dict.fromkeys([*fitting[:12], *words[:8], _shortest(body)]))


def _literals(tree) -> Iterator[str]:
    for kind, value in tree:
        if kind in (LITERAL, NOT_LITERAL):
            yield chr(value)
        elif kind is IN:
            yield from islice(_members(value), 12)
        elif kind in _REPEATS:
            yield from _literals(value[2])
        else:
            for inner in _inner(kind, value):
                yield from _literals(inner)


def _members(items) -> Iterator[str]:
    for kind, value in items:
        if kind is LITERAL:
            yield chr(value)
        elif kind is RANGE:
            yield chr(value[0])


def _shortest(tree) -> str:
    return "".join(_shortest_of(kind, value) for kind, value in tree)


def _shortest_of(kind, value) -> str:
    if kind is LITERAL:
        return chr(value)
    if kind in (ANY, IN, NOT_LITERAL, CATEGORY):
        return _fitting(kind, value)
    if kind in _REPEATS:
        return _shortest(value[2]) * value[0]
    if kind in (ASSERT, ASSERT_NOT, AT, GROUPREF, NEGATE):
        return ""
    inner = _inner(kind, value)
    return _shortest(inner[0]) if inner else ""


def _fitting(kind, value) -> str:
    state = _parser.State()
    state.str = ""
    one = _compiler.compile(_parser.SubPattern(state, [(kind, value)]), 0)
    candidates = [*_COMMON, *(_members(value) if kind is IN else ())]
    return next((character for character in candidates if one.fullmatch(character)), "")
