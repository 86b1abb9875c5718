"""One set through the service, and what the service did to it."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from sacrebleu.metrics import CHRF

from benchmarks.fidelity.texts import Text
from handlers import Handler, Options, Translation
from serving.text.warnings import IN_PIECES, NUMBERS_CHANGED, SYMBOLS_CHANGED

ALARMS = (NUMBERS_CHANGED, SYMBOLS_CHANGED)
Translate = Callable[[Sequence[str], str], list[Translation]]
"""Texts in a format to translations: the service, or another's."""


@dataclass(frozen=True)
class Row:
    texts: int
    in_pieces: int
    lost: int
    """Texts in which something that was to be kept did not come back."""
    chrf: float | None
    """To the model's own translation, all texts together."""
    chrf_in_pieces: float | None
    unchanged: int
    alarms: int


def measure(texts: Sequence[Text], translate: Translate, alone: Handler) -> Row:
    """``alone`` is the bare model."""
    found = [
        answer
        for form, some in groupby(texts, key=attrgetter("form"))
        for answer in translate([text.sent for text in some], form)
    ]
    pairs = list(zip(texts, found, strict=True))
    whole = [(t, own) for t, own in pairs if t.alone]
    pieces = [(t, own) for t, own in whole if IN_PIECES in own.warnings]
    return Row(
        len(texts),
        sum(IN_PIECES in own.warnings for own in found),
        sum(bool(text.lost(own.text)) for text, own in pairs),
        _chrf(whole, alone),
        _chrf(pieces, alone),
        sum(text.sent == own.text for text, own in pairs),
        sum(any(code in own.warnings for code in ALARMS) for own in found),
    )


def as_the_model(sentences: Sequence[str], service: Translate, alone: Handler) -> int:
    """Of sentences sent one a text, how many come back as the bare model says them."""
    found = service(sentences, "text")
    own = alone.translate(sentences, Options())
    return sum(a.text == b.text for a, b in zip(found, own, strict=True))


def _chrf(pairs: Sequence[tuple[Text, Translation]], alone: Handler) -> float | None:
    if not pairs:
        return None
    sentences = [sentence for text, _ in pairs for sentence in text.alone]
    answers = iter(alone.translate(sentences, Options()))
    own = [" ".join(next(answers).text for _ in text.alone) for text, _ in pairs]
    said = [text.said(answer.text) for text, answer in pairs]
    return float(CHRF().corpus_score(said, [own]).score)


class Corrupting:
    """A model that changes a number or loses a sign in each translation."""

    def __init__(self, handler: Any, corrupt: Callable[[str], str]) -> None:
        self._handler = handler
        self._corrupt = corrupt

    def __getattr__(self, name: str) -> Any:
        return getattr(self._handler, name)

    def translate(self, segments: Sequence[str], options: Options) -> list[Translation]:
        found = self._handler.translate(segments, options)
        return [Translation(self._corrupt(own.text)) for own in found]


def figures(text: str) -> Counter[str]:
    """The numbers and signs of a text: the same, unless a corruption came through.

    One of a mask does not: the sentence is translated again, or in pieces.
    """
    return Counter(re.findall(r"\d+(?:[.,]\d+)*|[$€£%<>\"“”]", text))


CORRUPTIONS: dict[str, Callable[[str], str]] = {
    "a digit": lambda text: re.sub(r"\d", lambda m: str((int(m[0]) + 3) % 10), text, count=1),
    "a grouping": lambda text: (
        re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", text, count=1)
        if re.search(r"\d[.,]\d{3}[.,]\d{3}", text)
        else text
    ),
    "a number lost": lambda text: re.sub(r"\s?\d[\d.,]*\d|\s?\d", "", text, count=1),
    "a sign lost": lambda text: re.sub(r"[$€£%<>\"“”]", "", text, count=1),
}
