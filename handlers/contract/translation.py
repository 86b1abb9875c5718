"""What goes into a handler beside the segments, and what comes out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """Decoding options. Equal options may share a batch."""

    alternatives: int = 0
    """How many further translations the caller wants."""

    beam_size: int | None = None
    """None: the model's own default."""

    no_repeat_ngram_size: int = 0
    """Forbid repeating n-grams of this many tokens; 0 allows them."""


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
