"""Asides: emoji and footnote marks within a sentence, which the model does not see.

``Thank you 🙏 for everything`` is translated without the emoji, and once more with a mask in
its place, which shows between which words that is.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from serving.text.divide.division import Stretch
from serving.text.divide.prefixes import common
from serving.text.divide.source import Source
from serving.text.protect.spans import Span

_NEAR = 30  # characters that are looked at on either side
_ENDS = ".!?…:;。！？"
_GLUED = "[™®©"  # marks of the word before, whatever follows
_WORD = re.compile(r"\ue000[^\ue000\ue001]*\ue001|\w+|[^\w\s]")
_ALIKE = 0.6  # of the words around the mask


def asides_of(stretch: Stretch) -> list[Span]:
    if not stretch.spans:
        return []
    return [span for span in stretch.spans if span.kind == "aside"]


def stands_within(text: str, stretch: Stretch, span: Span) -> bool:
    """Whether the sentence goes on after ``span``; if not, it is divided there."""
    edges = text[span.start - 1 : span.start], text[span.end : span.end + 1]
    if all(map(str.isalnum, edges)):
        return False
    before = _nearest(reversed(text[max(stretch.start, span.start - _NEAR) : span.start]))
    right = text[span.end : min(stretch.end, span.end + _NEAR)]
    after = _nearest(right)
    if not before or not after or before in _ENDS or after in _ENDS:
        return False
    if not after.isupper() or text[span.start] in _GLUED:
        return True
    following = right[right.index(after) + 1 :]
    return before.isupper() and following[:1].isupper()


def _nearest(characters: Iterable[str]) -> str:
    """The first letter, digit or end of a sentence."""
    return next((c for c in characters if c.isalnum() or c in _ENDS), "")


def without(source: Source, stretch: Stretch, left_out: Sequence[Span]) -> tuple[Source, Stretch]:
    """The sentence as a text of its own, some of its spans left out."""
    cuts = [_with_space(source.text, span) for span in left_out]
    edges = [stretch.start, *(at for cut in cuts for at in cut), stretch.end]
    kept = list(zip(edges[::2], edges[1::2], strict=True))
    starts = [0, *accumulate(end - start for start, end in kept)]
    text = "".join(source.text[start:end] for start, end in kept)

    def literal(start: int, end: int) -> str:
        parts = []
        for (first, last), at in zip(kept, starts, strict=False):
            low, high = max(first, first + start - at), min(last, first + end - at)
            parts.append(source.literal(low, high) if low < high else "")
        return "".join(parts)

    spans = []
    for span in stretch.spans:
        if span not in left_out:
            index = bisect_right([first for first, _ in kept], span.start) - 1
            shift = starts[index] - kept[index][0]
            spans.append(replace(span, start=span.start + shift, end=span.end + shift))
    new = Stretch(0, len(text), tuple(spans), is_sentence=True, is_part=stretch.is_part)
    return Source(text, spans, literal, source.escape), new


def _with_space(text: str, span: Span) -> tuple[int, int]:
    """The range of ``span`` with the white space before it, unless that alone parts two words."""
    start = span.start
    if not text[span.end : span.end + 1].isalnum():
        while start and text[start - 1].isspace():
            start -= 1
    return start, span.end


def place(whole: str, before: str, after: str) -> int | None:
    """The offset in ``whole`` where ``before`` ends and ``after`` begins; None if unclear."""
    words = [(match[0].lower(), match.end()) for match in _WORD.finditer(whole)]
    left = [match[0].lower() for match in _WORD.finditer(before)]
    right = [match[0].lower() for match in _WORD.finditer(after)]
    first = common([word for word, _ in words], left)
    last = common([word for word, _ in reversed(words)], right[::-1])
    if last == len(right) > 0 and not first == len(left) > 0:
        first = len(words) - last
    elif (first < len(left) and first + last < _ALIKE * len(words)) or not first + last:
        return None
    return words[first - 1][1] if first else 0


def put_back(translated: str, places: Sequence[tuple[int, Span]], source: Source) -> str:
    """``translated`` with each span behind its place, and the space before it as it was."""
    parts = []
    start = 0
    for at, span in places:
        first, last = _with_space(source.text, span)
        if first == span.start and source.text[first - 1].isspace():
            while translated[at : at + 1].isspace():
                at += 1
        parts += [translated[start:at], source.literal(first, last)]
        start = max(start, at)
    return "".join([*parts, translated[start:]])
