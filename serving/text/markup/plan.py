"""Which tags belong to which sentence of a passage."""

from collections.abc import Iterator, Mapping, Sequence

from serving.text.division import Piece
from serving.text.markup.inline import Element
from serving.text.markup.passage import Tag

_MOST = 8  # elements in one sentence that are looked for; each is asked for by itself

Plan = tuple[Piece, Sequence[Tag], Sequence[Tag], Sequence[Element]]


def plan_tags(
    pieces: Sequence[Piece], tags: Sequence[Tag], partner: Mapping[int, int]
) -> Iterator[Plan]:
    """For each piece: the tags before it, its own, and the elements these make.

    A tag between two pieces is a sentence's own if its partner is within that
    sentence. Tags that come after all pieces are left over.
    """
    places = {tag.index: tag.at for tag in tags}
    done = 0
    for piece in pieces:
        first = done
        while first < len(tags) and tags[first].at <= piece.start:
            first += 1
        last = first
        while last < len(tags) and tags[last].at < piece.end:
            last += 1
        own, elements = _own(piece, tags, first, last, places, partner)
        before = first - sum(tag.at == piece.start for tag in own)
        yield piece, tags[done:before], own, elements
        done = before + len(own)


def _own(
    piece: Piece,
    tags: Sequence[Tag],
    first: int,
    last: int,
    places: Mapping[int, int],
    partner: Mapping[int, int],
) -> tuple[Sequence[Tag], Sequence[Element]]:
    """``tags[first:last]`` are within the piece; with their partners at its edges, if all pair."""
    inner = tags[first:last]
    if not piece.is_sentence or len(inner) > 2 * _MOST:
        return inner, []
    others = {partner[tag.index] for tag in inner}
    wanted = {tag.index for tag in inner} | others
    if any(not piece.start <= places.get(other, -1) <= piece.end for other in others):
        return inner, []
    while first and tags[first - 1].index in wanted:
        first -= 1
    while last < len(tags) and tags[last].index in wanted:
        last += 1
    if last - first < len(wanted):
        return inner, []  # a tag of another sentence stands between
    return tags[first:last], _elements(tags[first:last], partner)


def _elements(tags: Sequence[Tag], partner: Mapping[int, int]) -> list[Element]:
    places = {tag.index: tag.at for tag in tags}
    elements = []
    depth = 0
    for tag in tags:
        closes = partner[tag.index]
        if closes < tag.index:
            depth -= 1
            continue
        elements.append(Element(tag.at, places[closes], tag.index, closes, depth))
        depth += 1
    return elements
