"""A text divided into what goes to the model and what stays as it is."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, pairwise
from operator import attrgetter

from serving.text.divide.margins import has_words, split_margins, without_end
from serving.text.divide.sentences import split_sentences
from serving.text.divide.source import Source
from serving.text.protect.spans import Span, within

_CLAUSE_END = re.compile(r"[,;:–—،、，；：]\s*")
# Punctuation that stays where it is when a sentence is divided beside it.
_OPENING = re.compile(r"[^\w\s]*\s*")
_CLOSING = re.compile(r"[,;:–—(\[{<\s“„‟‘‚«‹「『¿¡]|(?<![^\s(\[])[\"'”»]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """``source.text[start:end]``: a sentence with ``spans`` in it, or nothing to translate."""

    start: int
    end: int
    spans: tuple[Span, ...] = ()
    is_sentence: bool = False
    is_part: bool = False
    """Whether it may be in the middle of a sentence."""


def divide(source: Source, language: str, split: str) -> Iterator[Stretch]:
    """The whole text, in order, as it is asked for. ``split`` as for `split_sentences`."""
    sizes = map(len, split_sentences(source.neutral(), language, split))
    ends: Iterator[int] = accumulate(sizes)
    if source.spans:
        ends = (end for end in ends if not _is_in_span(source, end))
    for start, end in pairwise(chain([0], ends)):
        if source.text[start:end].isspace() and not within(source.spans, start, end):
            yield Stretch(start, end)  # between two sentences: half of all stretches
        else:
            yield from _divide_sentence(source, start, end)


def _is_in_span(source: Source, at: int) -> bool:
    index = bisect_left(source.spans, at, key=attrgetter("start")) - 1
    return index >= 0 and at < source.spans[index].end


def _divide_sentence(source: Source, start: int, end: int) -> list[Stretch]:
    if not source.spans:
        return trim(source, start, end)
    apart = [span for span in within(source.spans, start, end) if span.kind == "apart"]
    return divide_at(source, start, end, apart) if apart else trim(source, start, end)


def around(source: Source, stretch: Stretch) -> list[Stretch]:
    """A sentence divided at its spans: each stretch between two is a sentence of its own."""
    return divide_at(source, stretch.start, stretch.end, stretch.spans)


def divide_at(source: Source, start: int, end: int, spans: Sequence[Span]) -> list[Stretch]:
    stretches = []
    for span in spans:
        stretches += [*stretches_of(source, start, span.start), Stretch(span.start, span.end)]
        start = span.end
    return stretches + stretches_of(source, start, end)


def clauses(source: Source, stretch: Stretch) -> list[Stretch]:
    """A sentence divided at its commas and dashes: fewer spans in each."""
    neutral = source.neutral(stretch.start, stretch.end)
    cuts = [stretch.start + match.end() for match in _CLAUSE_END.finditer(neutral)]
    edges = [stretch.start, *cuts, stretch.end]
    return [part for start, end in pairwise(edges) for part in stretches_of(source, start, end)]


def stretches_of(source: Source, start: int, end: int) -> list[Stretch]:
    """Part of a sentence; punctuation at its edges is not translated, its own end is."""
    neutral = source.neutral(start, end)
    rest = _OPENING.sub("", neutral, count=1)
    core = without_end(rest, _CLOSING)
    if not core:
        return [Stretch(start, end)] if start < end else []
    first = end - len(rest)
    last = first + len(core)
    parts = (replace(part, is_part=True) for part in trim(source, first, last))
    stretches = [Stretch(start, first), *parts, Stretch(last, end)]
    return [stretch for stretch in stretches if stretch.start < stretch.end]


def trim(source: Source, start: int, end: int) -> list[Stretch]:
    """The sentence in ``start:end``, and the margins around it."""
    leading, _, trailing = split_margins(source.neutral(start, end))
    first, last = start + len(leading), end - len(trailing)
    stretches = [Stretch(start, first)] if start < first else []
    if first < last:
        spans = within(source.spans, first, last)
        is_sentence = _has_words(source.text, first, last, spans)
        stretches.append(Stretch(first, last, spans, is_sentence))
    if last < end:
        stretches.append(Stretch(last, end))
    return stretches


def _has_words(text: str, start: int, end: int, spans: Sequence[Span]) -> bool:
    for span in spans:
        if has_words(text[start : span.start]):
            return True
        start = span.end
    return has_words(text[start:end])
