"""Tags inside of protected strings: ``https://<b>example.com</b>/a``, ``#<span>cats</span>``.

They go where the string goes, and are kept with it. Where one's partner is
outside, the string is cut in two at the tag, so that no span reaches over a tag.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import attrgetter

from serving.text.protect.spans import Span


@dataclass(frozen=True, slots=True)
class Tag:
    """An inline tag before ``text[at]``; ``index`` is its token's."""

    at: int
    index: int


_AT = attrgetter("at")


def keep_tags(
    spans: Sequence[Span], tags: Sequence[Tag], partner: Mapping[int, int]
) -> tuple[list[Span], list[Tag]]:
    """The spans, none of which reaches over a tag of a sentence, and the tags kept with them."""
    places = {tag.index: tag.at for tag in tags}
    whole: list[Span] = []
    kept: list[Tag] = []
    for span in spans:
        inner = tags[bisect_right(tags, span.start, key=_AT) : bisect_left(tags, span.end, key=_AT)]
        others = {partner.get(tag.index, -1) for tag in inner}
        if all(span.start <= places.get(other, -1) <= span.end for other in others):
            kept += [Tag(places[index], index) for index in {t.index for t in inner} | others]
            whole.append(span)
        else:
            whole += _cut(span, sorted({tag.at for tag in inner}))
    return whole, sorted(kept, key=attrgetter("index"))


def _cut(span: Span, places: Sequence[int]) -> Iterator[Span]:
    for start, end in pairwise([span.start, *places, span.end]):
        yield replace(span, start=start, end=end)
