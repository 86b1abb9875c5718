"""What the gateway translates through: one shape for SageMaker endpoints and the local process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, NamedTuple, Protocol

Pair = tuple[str, str]  # (source, target) codes as deployed, e.g. ("en", "de")


BESIDE = frozenset({"request_id", "traceparent"})  # these fields travel in a header


@dataclass(frozen=True)
class TranslationRequest:
    """Texts of one language for one target; the fields mean what they mean to the container."""

    texts: tuple[str, ...]
    source: str
    target: str
    format: str = "text"  # text | html | xml
    alternatives: int = 0
    keep: tuple[str, ...] = ()
    ignore_tags: tuple[str, ...] = ()
    splitting_tags: tuple[str, ...] = ()
    non_splitting_tags: tuple[str, ...] = ()
    split: str = "sentences"  # sentences | punctuation | none
    terms: Mapping[str, str] = field(default_factory=dict)  # and how they are to be translated
    request_id: str = ""
    traceparent: str = ""

    def document(self) -> dict[str, Any]:
        """The fields as the container takes them; those at their default, its own too, left out."""
        named = {each.name: _default(each) for each in fields(self) if each.name not in BESIDE}
        return {
            name: value
            for name, default in named.items()
            if (value := getattr(self, name)) != default
        }


def _default(known: Field[Any]) -> Any:
    return known.default if known.default_factory is MISSING else known.default_factory()


class Term(NamedTuple):
    """A term of the text, how it is to be translated, and how that was met."""

    source: str
    target: str
    met: str


@dataclass(frozen=True)
class Translation:
    text: str
    alternatives: tuple[str, ...] = ()
    score: float | None = None
    warnings: tuple[str, ...] = ()
    confidence: float | None = None
    terms: tuple[Term, ...] = ()

    @property
    def others(self) -> list[str]:
        """The alternatives, each once and none the text itself."""
        others = dict.fromkeys(self.alternatives)
        others.pop(self.text, None)
        return list(others)


class Backend(Protocol):
    """Raises `gateway.errors.BackendError` for a request that it refuses or fails on."""

    @property
    def pairs(self) -> Sequence[Pair]: ...

    @property
    def demonstrations(self) -> Sequence[Pair]:
        """Those of `pairs` whose model shows the service rather than translates well."""

    def translate(self, request: TranslationRequest) -> list[Translation]:
        """One translation per text, in order."""
