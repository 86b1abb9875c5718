"""Which tags belong to which sentence of a passage."""

from collections.abc import Iterator, Mapping, Sequence

from serving.text.divide.division import Stretch
from serving.text.markup.inline import Element
from serving.text.markup.kept_tags import Tag

_MAXIMUM = 8  # elements in one sentence that are looked for; each is asked for by itself

Plan = tuple[Stretch, Sequence[Tag], Sequence[Tag], Sequence[Element]]


def plan_tags(
    stretches: Sequence[Stretch], tags: Sequence[Tag], partner: Mapping[int, int]
) -> Iterator[Plan]:
    """For each stretch: the tags before it, its own, and the elements these make.

    A tag between two stretches is a sentence's own if its partner is within that
    sentence. Tags that come after all stretches are left over.
    """
    places = {tag.index: tag.at for tag in tags}
    done = 0
    for stretch in stretches:
        first = done
        while first < len(tags) and tags[first].at <= stretch.start:
            first += 1
        last = first
        while last < len(tags) and tags[last].at < stretch.end:
            last += 1
        own, elements = _own(stretch, tags, first, last, places, partner)
        before = first - sum(tag.at == stretch.start for tag in own)
        yield stretch, tags[done:before], own, elements
        done = before + len(own)


def _own(
    stretch: Stretch,
    tags: Sequence[Tag],
    first: int,
    last: int,
    places: Mapping[int, int],
    partner: Mapping[int, int],
) -> tuple[Sequence[Tag], Sequence[Element]]:
    """``tags[first:last]`` are within; with their partners at the edges, if all pair."""
    inner = tags[first:last]
    if not stretch.is_sentence or len(inner) > 2 * _MAXIMUM:
        return inner, []
    others = {partner[tag.index] for tag in inner}
    wanted = {tag.index for tag in inner} | others
    if any(not stretch.start <= places.get(other, -1) <= stretch.end for other in others):
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
