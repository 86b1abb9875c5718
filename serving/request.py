"""One translation request and its answer, whatever form they came in."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from handlers import Options, Translation
from serving.fields import Choice, Language, Number, Rule, Strings, Terms


def _field(rule: Rule, default: Any = None) -> Any:
    return field(default=default, metadata={"rule": rule})


@dataclass(frozen=True)
class Request:
    """What the caller asks for; every text a ``str`` without lone surrogates.

    The one table of a request's fields: JSON is read by their rules (`serving.contract.body`), the
    gateway's requests have the same fields (`gateway.backend`), and a test compares both
    with the pages and the OpenAPI documents.
    """

    texts: tuple[str, ...]
    source: str | None = _field(Language())
    """None: the only pair served."""
    target: str | None = _field(Language())
    format: str = _field(Choice(("text", "html", "xml")), "text")
    alternatives: int = _field(Number(0, "max_alternatives", default=0), 0)
    keep: tuple[str, ...] = _field(Strings(bounded=True), ())
    """Terms that are not translated."""
    ignore_tags: tuple[str, ...] = _field(Strings(), ())
    splitting_tags: tuple[str, ...] = _field(Strings(), ())
    non_splitting_tags: tuple[str, ...] = _field(Strings(), ())
    split: str = _field(Choice(("sentences", "punctuation", "none")), "sentences")
    terms: Mapping[str, str] = field(default_factory=dict, metadata={"rule": Terms()})
    """Words and how they are to be translated."""
    beam_size: int | None = _field(Number(1, "max_beam_size", default=None))

    @property
    def options(self) -> Options:
        """The options that the handler is given."""
        return Options(alternatives=self.alternatives, beam_size=self.beam_size)


RULES: dict[str, Rule] = {
    known.name: known.metadata["rule"] for known in fields(Request) if "rule" in known.metadata
}
"""The rule by which each field but the texts is read."""


@dataclass(frozen=True)
class Answer:
    """Translations in the order of the request's texts, and what they took."""

    translations: list[Translation]
    pair: str
    name: str
    version: str
    characters: int
    segments: int
    tokens: int
    cached: int
    """Segments that were in the cache, or more than once in the request."""
    milliseconds: dict[str, float]
    """By phase: ``text`` for the pipeline, ``translate`` for the model and its queue, ``queue``
    for what of it was before the model began."""
    batches: Sequence[int] = ()
    """Segments in each batch that the request led; each batch is led by one request."""

    @property
    def warnings(self) -> int:
        return sum(len(translation.warnings) for translation in self.translations)

    @property
    def warning_counts(self) -> Counter[str]:
        """The number of warnings of each code."""
        return Counter(code for found in self.translations for code in found.warnings)
