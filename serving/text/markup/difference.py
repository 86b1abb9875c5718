"""Where an element's words are: what differs when a mask stands in their place.

Any engine will do, for it is only asked for one more sentence. ``the <b>big</b> house``
becomes ``ein Palast``, ``the X1 house`` ``ein X1``: so ``Palast`` is bold.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from serving.jobs import Job
from serving.text.divide.prefixes import common
from serving.text.markup.finding import Range
from serving.text.markup.passage import OPEN
from serving.text.protect.spans import Span
from serving.text.sentence import Sentence, around_mask, ask, forms

_WORD = re.compile(r"\ue000[^\ue000\ue001]*\ue001|\w+(?:[-’']\w+)*|[^\w\s]")
_MAXIMUM = 200  # words: what is compared takes quadratic time
_ALIKE = 0.6  # of the words around the mask
_STEM = 4  # letters
Word = tuple[str, int, int]


def find_by_difference(
    sentence: Sentence, element: Range, whole: str, content: str
) -> Job[Range | None]:
    """The range of ``whole`` that says what ``element`` does; None if it is not clear.

    ``content`` is what the element is translated to by itself.
    """
    source, stretch, context = sentence
    start, end = _trimmed(source.text, *element, stretch.spans)
    if start >= end:
        return None
    masked = Span(start, end)
    others = (span for span in stretch.spans if span.end <= start or span.start >= end)
    spans = tuple(sorted([*others, masked]))
    with_mask = sentence._replace(stretch=replace(stretch, spans=spans))
    for form in forms(with_mask):
        if not (answer := (yield from ask(form, context.options))):
            continue
        sides = around_mask(form, masked, answer.text)
        if sides and (found := differing(whole, *sides, content)):
            return found
    return None


def _trimmed(text: str, start: int, end: int, spans: Sequence[Span]) -> Range:
    """The range without white space at its edges, unless a span ends with it."""
    inner = text[start:end]
    first, last = end - len(inner.lstrip()), start + len(inner.rstrip())
    first = min([first, *(span.start for span in spans if span.start < first < span.end)])
    return first, max([last, *(span.end for span in spans if span.start < last < span.end)])


def differing(whole: str, before: str, after: str, content: str) -> Range | None:
    """The range of ``whole`` that stands where ``before`` ends and ``after`` begins."""
    words = _words(whole)
    left, right = _words(before), _words(after)
    if max(len(words), len(left) + len(right)) > _MAXIMUM:
        return None
    theirs = [word for word, _, _ in (*left, ("", 0, 0), *right)]
    matcher = SequenceMatcher(None, [word for word, _, _ in words], theirs, autojunk=False)
    start, end, same = 0, len(words), 0
    for block in matcher.get_matching_blocks():
        same += block.size
        own = range(block.a, block.a + block.size)
        start = max([start, *(at + 1 for at in own if at - block.a + block.b < len(left))])
        end = min([end, *(at for at in own if at - block.a + block.b > len(left))])
    if same < _ALIKE * (len(left) + len(right)):
        return None
    return _tightened(words[start:end], content)


def _tightened(words: Sequence[Word], content: str) -> Range | None:
    """The words' range without punctuation at its edges, or words that ``content`` lacks."""
    wanted = [word for word, _, _ in _words(content)]
    first, last = 0, len(words)
    while first < last and _is_sign(words[first]):
        first += 1
    while first < last and _is_sign(words[last - 1]):
        last -= 1
    known = [at for at in range(first, last) if any(_is_alike(words[at][0], w) for w in wanted)]
    if known and last - first > len(wanted):
        first, last = known[0], known[-1] + 1
    if first >= last or last - first > 2 * len(wanted) + 2:
        return None
    return words[first][1], words[last - 1][2]


def _is_sign(word: Word) -> bool:
    """Whether it is punctuation: neither letters nor a code."""
    first = word[0][0]
    return not (first.isalnum() or first in OPEN)


def _words(text: str) -> list[Word]:
    return [(match[0].lower(), *match.span()) for match in _WORD.finditer(text)]


def _is_alike(word: str, other: str) -> bool:
    """``große`` and ``Großen``."""
    return word == other or common(word, other) >= _STEM
