"""What goes into a handler beside the segments, and what comes out."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Options:
    """Decoding options. Equal options may share a batch."""

    alternatives: int = 0
    """How many further translations the caller wants."""

    beam_size: int | None = None
    """None: the model's own default."""

    no_repeat_ngram_size: int = 0
    """Forbid repeating n-grams of this many tokens; 0 allows them."""

    alignment: bool = False
    """Whether an `AlignedTranslation` is wanted."""


class Term(NamedTuple):
    """A term of a request that the text has: how it was to be translated, and how that was met."""

    source: str
    target: str
    met: str


@dataclass(frozen=True, slots=True)
class Translation:
    """One segment's translation."""

    text: str

    alternatives: tuple[str, ...] = ()
    """Up to ``options.alternatives`` others, best first, without ``text``."""

    score: float | None = None
    """Mean log-probability of a token, at most 0; None if the handler has none."""

    warnings: tuple[str, ...] = ()
    """Codes such as ``output_truncated``, for the caller to see."""

    confidence: float | None = None
    """From 0 to 1. The server's: what the manifest's ``calibration`` makes of the score."""

    terms: tuple[Term, ...] = ()
    """The server's: those of the request that the text has."""


class Link(NamedTuple):
    """``text[start:end]`` says what ``segment[source_start:source_end]`` does."""

    start: int
    end: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class AlignedTranslation(Translation):
    """With what each part of ``text`` was made of; alternatives have no links."""

    links: tuple[Link, ...] = ()
