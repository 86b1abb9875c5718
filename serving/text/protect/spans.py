"""Spans: stretches of a text that come back byte for byte, whatever the model does."""

import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from serving.text.protect.scripts import SPACED


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """``text[start:end]`` is protected.

    ``kind``: ``"name"`` stands in a sentence like a noun, ``"number"`` like a number,
    ``"aside"`` beside what the sentence says, like an emoji; ``"apart"`` is no part of a
    sentence, which is divided there.
    """

    start: int
    end: int
    kind: str = "name"


_LOOSE = ("apart", "aside")
_LONGEST_ELEMENT = 500
_WORD = re.compile(rf"(?:{SPACED}|_)+")
_NOWHERE = (sys.maxsize, 0)
Find = Callable[[str], Iterable[Span]]


def find_spans(text: str, finders: Sequence[Find]) -> list[Span]:
    """The spans of all ``finders``, in order; those that touch or overlap are one."""
    found = sorted(span for find in finders for span in find(text))
    if not found:
        return []
    whole = list(_merge(text, [_with_its_brackets(text, span) for span in found]))
    edges = {at for s in found if s.kind in _LOOSE for at in (s.start, -s.end)}
    return list(_merge(text, _with_their_words(text, whole, edges)))


def _with_its_brackets(text: str, span: Span) -> Span:
    """``<{email}>``, ``Anna <anna@example.com>``: no model keeps such a bracket."""
    start, end = span.start - 1, span.end + 1
    if span.kind in _LOOSE or start < 0 or text[start] != "<" or text[span.end : end] != ">":
        return span
    return replace(span, start=start, end=end)


def _merge(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for span in spans:
        if last is None:
            last = span
        elif span.start > last.end:
            yield last
            last = span
        else:
            last = _union(text, last, span)
    if last is not None:
        yield last


def _union(text: str, first: Span, second: Span) -> Span:
    end = max(first.end, second.end)
    kinds = {first.kind, second.kind}
    if kinds == {"apart"} and _is_empty_element(text, first.start, end):
        return Span(first.start, end, "name")
    kind = next(kind for kind in ("name", "number", "apart", "aside") if kind in kinds)
    return Span(first.start, end, kind)


def _is_empty_element(text: str, start: int, end: int) -> bool:
    """``<x id="7"></x>``: stands for something, unlike a lone ``<b>``."""
    if text[start] != "<" or end - start > _LONGEST_ELEMENT:
        return False
    return text.count("<", start, end) == 2 and text.find("></", start, end) > 0


def _with_their_words(text: str, spans: Iterable[Span], edges: Set[int]) -> Iterator[Span]:
    """The spans with the letters that touch them: ``file_{n}`` is one word, not to be translated.

    ``edges``: where an aside or something apart begins, and minus where it ends: it is no part
    of a word.
    """
    words = _Words(text)
    for span in spans:
        beside = text[span.start - 1 : span.start] + text[span.end : span.end + 1]
        if span.kind in _LOOSE or not _WORD.search(beside):
            yield span
            continue
        start, end = words.around(span.start - 1)[0], words.around(span.end)[1]
        start, end = min(start, span.start), max(end, span.end)
        is_torn = (start < span.start and span.start in edges) or (
            end > span.end and -span.end in edges
        )
        is_tag = text[span.start] == "<" and not text.startswith("<%", span.start)
        if is_torn or (is_tag and (start, end) != (span.start, span.end)):
            yield replace(span, kind="apart")
        else:
            yield replace(span, start=start, end=end)


class _Words:
    """The words of a text, each looked for once: many spans may be glued to a long one."""

    def __init__(self, text: str) -> None:
        self._found = _WORD.finditer(text)
        self._word = (0, 0)

    def around(self, at: int) -> tuple[int, int]:
        """The word that has ``text[at]``; ``at`` is never smaller than before."""
        while self._word[1] <= at:
            match = next(self._found, None)
            if match is None:
                return _NOWHERE
            self._word = match.span()
        return self._word if self._word[0] <= at else _NOWHERE


def replaced(
    text: str, spans: Iterable[Span], write: Callable[[Span], str], start: int, end: int
) -> str:
    """``text[start:end]`` with what ``write`` makes of each of ``spans``, which are in it."""
    parts = []
    for span in spans:
        parts += [text[start : span.start], write(span)]
        start = span.end
    return "".join([*parts, text[start:end]])


def within(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """The spans that begin in ``start:end``; ``spans`` are in order."""
    if not spans:
        return ()
    first = bisect_left(spans, Span(start, start, ""))
    return tuple(spans[first : bisect_left(spans, Span(end, end, ""))])
