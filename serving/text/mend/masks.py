"""Masks: words that models copy stand in for protected spans while a model has the sentence.

Which words was measured with the embedded models, in both directions, on 150
sentences with a word inserted or replaced: ``Tom`` came back in 4 of 5, years
and some two-digit numbers in 3 to 4 of 5; ``{0}``, ``X1``, ``#1``, ``<1>`` or
rare letters never. So no mask is trusted: `restore` refuses a translation that
does not hold each mask once, and the caller translates the pieces around.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from serving.text.protect.spans import Span

_YEARS = ("1957", "1987", "2009", "1980", "1950", "1985", "1982")
_NUMBERS = ("89", "90", "80", "99", "87", "70", "93")
Palette = Mapping[str, Sequence[str]]
NAMES_FIRST: Palette = {
    "name": ("Tom", "Boston", *_YEARS),
    "number": (*_NUMBERS, *_YEARS),
}
NUMBERS_ONLY: Palette = {"name": _YEARS, "number": _YEARS}
NAMES_ONLY: Palette = {"name": NAMES_FIRST["name"]}
_MAXIMUM = 5


@dataclass(frozen=True, slots=True)
class Masked:
    """``text`` with a mask in the place of each span; ``masks`` in the order of ``spans``."""

    text: str
    masks: tuple[str, ...]
    spans: tuple[Span, ...]


def protect(text: str, spans: Sequence[Span], palette: Palette) -> Masked | None:
    """``text`` with a mask for each span; None if they are too many to be told apart."""
    if not spans:
        return Masked(text, (), ())
    if len(spans) > _MAXIMUM:
        return None
    chosen: list[str] = []
    parts = []
    at = 0
    own = _around(text, spans)
    for span in spans:
        known = palette.get(span.kind, palette["name"])
        mask = next((m for m in known if m not in chosen and m not in own), None)
        if mask is None:
            return None
        chosen.append(mask)
        is_glued = span.kind == "aside" and span.start > 0 and text[span.start - 1].isalnum()
        parts += [text[at : span.start], f" {mask}" if is_glued else mask]
        at = span.end
    return Masked("".join([*parts, text[at:]]), tuple(chosen), tuple(spans))


def _around(text: str, spans: Sequence[Span]) -> str:
    edges = [0, *(at for span in spans for at in (span.start, span.end)), len(text)]
    return "\0".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def to_source(masked: Masked, at: int) -> int:
    """The offset in the text of offset ``at`` in the masked text; a span begins at its mask's."""
    shift = 0
    for mask, span in zip(masked.masks, masked.spans, strict=True):
        place = span.start - shift
        if at <= place:
            break
        if at < place + len(mask):
            return span.start
        shift = span.end - (place + len(mask))
    return at + shift


def from_source(masked: Masked, at: int) -> int:
    """The offset in the masked text of offset ``at`` in the text, which is in no span."""
    shift = 0
    for mask, span in zip(masked.masks, masked.spans, strict=True):
        if at < span.end:
            break
        shift += len(mask) - (span.end - span.start)
    return at + shift


def restore(translated: str, masked: Masked) -> list[str | Span] | None:
    """The translation's parts, spans in their places; None if a mask is not there just once."""
    if not masked.masks:
        return [translated]
    places = []
    for mask, span in zip(masked.masks, masked.spans, strict=True):
        found = [match.span() for match in re.finditer(re.escape(mask), translated)]
        if len(found) != 1 or not _is_whole(translated, *found[0], _is_owner(masked.text, mask)):
            return None
        places.append((*found[0], span))
    parts: list[str | Span] = []
    at = 0
    for start, end, span in sorted(places):
        parts += [translated[at:start], span]
        at = end
    return [*parts, translated[at:]]


def _is_owner(text: str, mask: str) -> bool:
    return f"{mask}'s" in text or f"{mask}’s" in text


def _is_whole(text: str, start: int, end: int, may_own: bool) -> bool:
    """Whether ``text[start:end]`` is a word; ``Tom's`` may come back as ``Toms``."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if may_own and after == "s":
        after = text[end + 1 : end + 2]
    number = before in (".", ",") and text[start - 2 : start - 1].isdigit()
    decimal = after in (".", ",") and text[end + 1 : end + 2].isdigit()
    return not (before.isalnum() or after.isalnum() or number or decimal)
