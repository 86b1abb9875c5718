"""Which tags belong together, which stand in a sentence, and what is left alone."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from serving.text.markup.elements import BLOCK, INLINE, VOID, NamedTags, is_untranslated
from serving.text.markup.tokens import Token


@dataclass
class Outline:
    """Facts about ``tokens`` by their index."""

    partner: dict[int, int] = field(default_factory=dict)
    """By start tag its end tag, and the other way round."""
    over: dict[int, int] = field(default_factory=dict)
    """By start tag the first token after its element."""
    parent: dict[int, int] = field(default_factory=dict)
    """By start tag that of the element around it; -1 outside of all."""
    mixed: set[int] = field(default_factory=set)
    """The start tags of elements with text of their own: tags in them are parts of a sentence."""


def outline(tokens: Sequence[Token], is_html: bool) -> Outline:
    found = Outline()
    opened: list[int] = []
    names: Counter[str] = Counter()
    for index, token in enumerate(tokens):
        inside = opened[-1] if opened else -1
        if token.kind == "text" and not token.raw.isspace():
            found.mixed.add(inside)
        elif token.kind in ("start", "empty"):
            found.parent[index] = inside
            found.over[index] = index + 1
            if token.kind == "start" and not (is_html and token.name in VOID):
                opened.append(index)
                names[token.name] += 1
        elif token.kind == "end" and names[token.name]:
            _close(found, tokens, opened, names, index)
    for index in opened:
        found.over[index] = len(tokens)
    return found


def _close(
    found: Outline, tokens: Sequence[Token], opened: list[int], names: Counter[str], index: int
) -> None:
    while True:
        start = opened.pop()
        names[tokens[start].name] -= 1
        found.over[start] = index
        if tokens[start].name == tokens[index].name:
            found.over[start] = index + 1
            found.partner[start], found.partner[index] = index, start
            found.parent[index] = found.parent[start]
            return


def is_inline(token: Token, index: int, found: Outline, is_html: bool, named: NamedTags) -> bool:
    """Whether the tag stands in a sentence. An unknown element does where there is text beside."""
    if token.name in named.splitting or token.name in named.non_splitting:
        return token.name not in named.splitting
    if is_html and (token.name in INLINE or token.name in BLOCK):
        return token.name in INLINE
    return found.parent.get(index, -1) in found.mixed


def untranslated(
    tokens: Sequence[Token], found: Outline, ignore_tags: Set[str], is_html: bool
) -> dict[int, int]:
    """By start tag of an element that stays as it is, the first token after that element."""
    regions: dict[int, int] = {}
    after = 0
    for index, token in enumerate(tokens):
        opens = index >= after and token.kind in ("start", "empty")
        if opens and is_untranslated(token, ignore_tags, is_html):
            regions[index] = after = found.over[index]
    return regions
