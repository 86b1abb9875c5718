"""Inline tags carried over to the translation of a sentence.

The sentence is translated whole, and what each element holds once more by
itself; where the second is found in the first, the element goes. Where it is
not, `attention` looks, then `difference`; at last a part of its words is looked for. If one is
not found, or the elements would not nest as they did, the stretches between the tags are
translated by themselves: the order stays, and so does every tag.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from serving.jobs import Job, together
from serving.text.divide.division import stretches_of
from serving.text.divide.source import Source
from serving.text.joining import Result, join
from serving.text.markup.attention import said_by_attention
from serving.text.markup.difference import find_by_difference
from serving.text.markup.finding import Range, find, find_roughly, lower, places_of
from serving.text.markup.kept_tags import Tag
from serving.text.markup.passage import OPEN, tag_code
from serving.text.protect.spans import Span, replaced, within
from serving.text.sentence import Sentence
from serving.text.translation import translate_stretches
from serving.text.warnings import IN_PIECES


@dataclass(frozen=True, slots=True)
class Element:
    """``text[start:end]`` of the source, between tokens ``opens`` and ``closes``."""

    start: int
    end: int
    opens: int
    closes: int
    depth: int


_RANGE = re.compile("\ue000(\\d{1,9}):(\\d{1,9})\ue001")
Place = tuple[int, int, Element]


def translate_tagged(
    sentence: Sentence, tags: Sequence[Tag], elements: Sequence[Element]
) -> Job[Result]:
    """A sentence with ``tags``; ``elements`` are what they make, empty if they do not pair."""
    if elements:
        source, stretch, context = sentence
        contents = [stretches_of(source, element.start, element.end) for element in elements]
        jobs = [translate_stretches(source, part, context) for part in ([stretch], *contents)]
        whole, *parts = yield from together(jobs)
        texts = [_said(source, part.translation.text) for part in parts]
        found = yield from _find_all(sentence, elements, whole.translation.text, texts)
        if carried := _carry(whole, elements, texts, found):
            return carried
    return (yield from _translate_between(sentence, tags))


def _find_all(
    sentence: Sentence, elements: Sequence[Element], whole: str, contents: Sequence[str]
) -> Job[list[Range | None]]:
    """The range of ``whole`` for each element; None for one whose place is not clear."""
    found = [
        _find_surely(sentence, element, whole, content)
        for element, content in zip(elements, contents, strict=True)
    ]
    for look in (_look_by_attention, _look_by_difference, _look_by_words):
        missing = [index for index, place in enumerate(found) if place is None]
        if missing:
            places = [(elements[index].start, elements[index].end) for index in missing]
            own = [contents[index] for index in missing]
            others = yield from look(sentence, places, whole, own)
            for index, other in zip(missing, others, strict=True):
                found[index] = other
    return [
        _with_spaces(sentence.source, element, whole, *place) if place else None
        for element, place in zip(elements, found, strict=True)
    ]


def _look_by_attention(
    sentence: Sentence, places: Sequence[Range], whole: str, _: Sequence[str]
) -> Job[list[Range | None]]:
    said = yield from said_by_attention(sentence, places)
    return [find(whole, words) if words else None for words in said]


def _look_by_difference(
    sentence: Sentence, places: Sequence[Range], whole: str, contents: Sequence[str]
) -> Job[list[Range | None]]:
    jobs = [
        find_by_difference(sentence, place, whole, content)
        for place, content in zip(places, contents, strict=True)
    ]
    return (yield from together(jobs))


def _look_by_words(
    sentence: Sentence, places: Sequence[Range], whole: str, contents: Sequence[str]
) -> Job[list[Range | None]]:
    yield from ()
    return [
        None
        if _is_repeated(sentence, *own)
        else find_roughly(whole, content, sentence.source.text[slice(*own)])
        for own, content in zip(places, contents, strict=True)
    ]


def _said(source: Source, text: str) -> str:
    """``text`` with the punctuation beside a part in clear, not as a code."""

    def read(match: re.Match[str]) -> str:
        start, end = int(match[1]), int(match[2])
        return match[0] if within(source.spans, start, end) else source.text[start:end]

    return _RANGE.sub(read, text)


def _translate_between(sentence: Sentence, tags: Sequence[Tag]) -> Job[Result]:
    source, stretch, context = sentence
    edges = [stretch.start, *(tag.at for tag in tags), stretch.end]
    betweens = (stretches_of(source, start, end) for start, end in pairwise(edges))
    first, *others = yield from together(
        translate_stretches(source, part, context) for part in betweens
    )
    parts: list[str | Result] = [first]
    for tag, other in zip(tags, others, strict=True):
        parts += [tag_code(tag.index), other]
    return join(parts).warned(IN_PIECES)


def _carry(
    whole: Result,
    elements: Sequence[Element],
    contents: Sequence[str],
    found: Sequence[Range | None],
) -> Result | None:
    translation = whole.translation
    text = place(translation.text, elements, found)
    if text is None:
        return None
    others = (
        place(other, elements, [find(other, content) for content in contents])
        for other in translation.alternatives
    )
    alternatives = tuple(other for other in others if other is not None and other != text)
    carried = replace(translation, text=text, alternatives=alternatives)
    return replace(whole, translation=carried)


def place(text: str, elements: Sequence[Element], found: Sequence[Range | None]) -> str | None:
    """``text`` with each element's tags around its place; None if that cannot be done."""
    places: list[Place] = []
    for element, own in zip(elements, found, strict=True):
        if own is None:
            return None
        places.append((*own, element))
    return _insert(text, places) if _nests(places) else None


def _find_surely(sentence: Sentence, element: Element, text: str, content: str) -> Range | None:
    """The range of ``text`` that is ``content``; None if it may be another element's.

    So it is with a single letter, and with words that the sentence has twice.
    """
    source = sentence.source
    content = content.strip()
    own = source.text[element.start : element.end].strip()
    if (content.isalpha() and len(content) == 1) or not own:
        return None
    if OPEN in content:
        return find(text, content) or find(text, _copied(source, element))
    if _is_repeated(sentence, element.start, element.end):
        return None
    return find(text, content, _torn(source.text, element.start, element.end))


def _is_repeated(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the sentence says ``start:end`` somewhere else too."""
    text = sentence.source.text
    before = lower(_outside_spans(sentence))
    places = places_of(before, lower(text[start:end].strip()), _torn(text, start, end))
    return len(list(islice(places, 2))) > 1


def _torn(text: str, start: int, end: int) -> tuple[bool, bool]:
    return _is_torn(text, start), _is_torn(text, end)


def _is_torn(text: str, at: int) -> bool:
    """Whether the tag at ``at`` stands within a word."""
    return text[at - 1 : at].isalnum() and text[at : at + 1].isalnum()


def _outside_spans(sentence: Sentence) -> str:
    """The sentence's text with a code for each protected string."""
    source, stretch, _ = sentence
    return replaced(source.text, stretch.spans, lambda _: OPEN, stretch.start, stretch.end)


def _copied(source: Source, element: Element) -> str:
    """What the element says where nothing of it was translated."""

    def literal(span: Span) -> str:
        return source.literal(span.start, span.end)

    spans = within(source.spans, element.start, element.end)
    return replaced(source.text, spans, literal, element.start, element.end).strip()


def _with_spaces(source: Source, element: Element, text: str, start: int, end: int) -> Range:
    """The range with the element's white space: ``<b>big </b>house`` has its space where it was."""
    own = source.text[element.start : element.end]
    leading, trailing = len(own) - len(own.lstrip()), len(own) - len(own.rstrip())
    before, after = text[:start], text[end : end + trailing]
    spaces = len(before) - len(before.rstrip())
    return start - min(leading, spaces), end + len(after) - len(after.lstrip())


def _nests(places: Sequence[Place]) -> bool:
    """Whether each two are one within the other, or apart, just as in the source."""
    for index, (start, end, one) in enumerate(places):
        for first, last, other in places[index + 1 :]:
            if one.start <= other.start and other.end <= one.end:
                if one.depth < other.depth and not (start <= first and last <= end):
                    return False
            elif not (end <= first or last <= start):
                return False
    return True


def _insert(text: str, places: Sequence[Place]) -> str:
    marks = []
    for start, end, element in places:
        marks.append((start, 1, element.depth, element.opens))
        marks.append((end, 0, -element.depth, element.closes))
    parts = []
    at = 0
    for position, _, _, token in sorted(marks):
        parts += [text[at:position], tag_code(token)]
        at = position
    return "".join([*parts, text[at:]])
