"""Entities in plain text: ``Tom &amp; Jerry``, ``It&#39;s``. The model gets what they stand for."""

import re
from bisect import bisect_left
from collections import Counter

from serving.text.divide.source import Source
from serving.text.protect.rules import protected_spans
from serving.text.protect.spans import Find

_ENTITY = re.compile(r"&(?:[A-Za-z]\w{1,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});", re.ASCII)


def read(text: str, find_terms: Find) -> Source:
    """``text`` with its entities decoded, for a translation that has them encoded again.

    An entity stays protected where its character also stands in the text by itself, or is
    written in two ways: which of them a translation should have, nobody could say.
    """
    if "&" not in text or not (known := _known(text)):
        return Source.plain(text, protected_spans(text, find_terms))
    parts: list[str] = []
    ends: list[int] = []  # of the decoded text, after each entity
    left: list[int] = []  # characters that are left out of it up to there
    at = size = 0
    for match in _ENTITY.finditer(text):
        if match[0] not in known:
            continue
        parts += [text[at : match.start()], known[match[0]]]
        size += match.start() - at + 1
        at = match.end()
        ends.append(size)
        left.append(at - size)
    decoded = "".join([*parts, text[at:]])
    table = str.maketrans({character: entity for entity, character in known.items()})

    def original(place: int) -> int:
        index = bisect_left(ends, place + 1) - 1
        return place + (left[index] if index >= 0 else 0)

    return Source(
        decoded,
        protected_spans(decoded, find_terms),
        lambda start, end: text[original(start) : original(end)],
        lambda translated: translated.translate(table),
    )


def _known(text: str) -> dict[str, str]:
    """The character of each entity that is decoded."""
    import html  # not at the top: few texts need its table, which is two milliseconds of a start

    said = {entity: html.unescape(entity) for entity in set(_ENTITY.findall(text))}
    beside = set(_ENTITY.sub("", text))
    known = {
        entity: character
        for entity, character in said.items()
        if len(character) == 1 and (character.isprintable() or character == "\u00a0")
        if character not in beside
    }
    ways = Counter(known.values())
    return {entity: own for entity, own in known.items() if ways[own] == 1}
