"""What the gateway translates through: one shape for SageMaker endpoints and the local process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol

Pair = tuple[str, str]  # (source, target) codes as deployed, e.g. ("en", "de")


BESIDE = frozenset({"request_id", "traceparent"})  # fields that travel in a header


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
    split: str = "sentences"  # sentences | punctuation | none
    request_id: str = ""
    traceparent: str = ""

    def document(self) -> dict[str, Any]:
        """The fields as the container takes them; those at their default, its own too, left out."""
        named = {field.name: field.default for field in fields(self) if field.name not in BESIDE}
        return {
            name: value
            for name, default in named.items()
            if (value := getattr(self, name)) != default
        }


@dataclass(frozen=True)
class Translation:
    text: str
    alternatives: tuple[str, ...] = ()
    score: float | None = None
    warnings: tuple[str, ...] = ()
    confidence: float | None = None


class Backend(Protocol):
    """Raises `gateway.errors.BackendError` for what it refuses or cannot do."""

    @property
    def pairs(self) -> Sequence[Pair]: ...

    @property
    def demonstrations(self) -> Sequence[Pair]:
        """Those of `pairs` whose model shows the service rather than translates well."""

    def translate(self, request: TranslationRequest) -> list[Translation]:
        """One translation per text, in order."""
