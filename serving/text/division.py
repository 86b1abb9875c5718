"""A text divided into what goes to the model and what stays as it is."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from operator import attrgetter

from serving.text.margins import has_words, split_margins, without_end
from serving.text.sentences import split_sentences
from serving.text.source import Source
from serving.text.spans import Span, within

_CLAUSE_END = re.compile(r"[,;:–—،、，；：]\s*")
# Punctuation that stays where it is when a sentence is divided beside it.
_OPENING = re.compile(r"[^\w\s]*\s*")
_CLOSING = re.compile(r"[,;:–—(\[\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """``source.text[start:end]``: a sentence with ``spans`` in it, or nothing to translate."""

    start: int
    end: int
    spans: tuple[Span, ...] = ()
    is_sentence: bool = False


def divide(source: Source, language: str, split: str) -> Iterator[Piece]:
    """The whole text, in order, as it is asked for. ``split`` as for `split_sentences`."""
    sizes = map(len, split_sentences(source.neutral(), language, split))
    ends = (end for end in accumulate(sizes) if not _is_in_span(source, end))
    for start, end in pairwise(chain([0], ends)):
        if source.text[start:end].isspace() and not within(source.spans, start, end):
            yield Piece(start, end)  # between two sentences: half of all pieces
        else:
            yield from _divide_sentence(source, start, end)


def _is_in_span(source: Source, at: int) -> bool:
    if not source.spans:
        return False
    index = bisect_left(source.spans, at, key=attrgetter("start")) - 1
    return index >= 0 and at < source.spans[index].end


def _divide_sentence(source: Source, start: int, end: int) -> list[Piece]:
    apart = [span for span in within(source.spans, start, end) if span.kind == "apart"]
    return _divide_at(source, start, end, apart) if apart else trim(source, start, end)


def around(source: Source, piece: Piece) -> list[Piece]:
    """A sentence divided at its spans: each stretch between two is a sentence of its own."""
    return _divide_at(source, piece.start, piece.end, piece.spans)


def _divide_at(source: Source, start: int, end: int, spans: Sequence[Span]) -> list[Piece]:
    pieces = []
    for span in spans:
        pieces += [*stretch(source, start, span.start), Piece(span.start, span.end)]
        start = span.end
    return pieces + stretch(source, start, end)


def clauses(source: Source, piece: Piece) -> list[Piece]:
    """A sentence divided at its commas and dashes: fewer spans in each."""
    neutral = source.neutral(piece.start, piece.end)
    cuts = [piece.start + match.end() for match in _CLAUSE_END.finditer(neutral)]
    edges = [piece.start, *cuts, piece.end]
    return [part for start, end in pairwise(edges) for part in stretch(source, start, end)]


def stretch(source: Source, start: int, end: int) -> list[Piece]:
    """Part of a sentence; punctuation at its edges stays, but for the sentence's own end."""
    neutral = source.neutral(start, end)
    rest = _OPENING.sub("", neutral, count=1)
    core = without_end(rest, _CLOSING)
    if not core:
        return [Piece(start, end)] if start < end else []
    first = end - len(rest)
    last = first + len(core)
    pieces = [Piece(start, first), *trim(source, first, last), Piece(last, end)]
    return [piece for piece in pieces if piece.start < piece.end]


def trim(source: Source, start: int, end: int) -> list[Piece]:
    """What stands around the sentence, and the sentence."""
    leading, _, trailing = split_margins(source.neutral(start, end))
    first, last = start + len(leading), end - len(trailing)
    spans = within(source.spans, first, last)
    edges = [Piece(start, first), Piece(last, end)]
    middle = Piece(first, last, spans, is_sentence=_has_words(source.text, first, last, spans))
    return [piece for piece in (edges[0], middle, edges[1]) if piece.start < piece.end]


def _has_words(text: str, start: int, end: int, spans: Sequence[Span]) -> bool:
    for span in spans:
        if has_words(text[start : span.start]):
            return True
        start = span.end
    return has_words(text[start:end])
