"""What all ways to a service have in common."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from client.pair import Pair

MAX_REQUEST_BYTES = 4_000_000
"""A serverless endpoint takes 4 MB; the container and the public API follow it."""


@dataclass(frozen=True)
class Answer:
    texts: list[str]
    """Same length and order as the texts sent."""
    raw: Any
    """The service's own answer, decoded from JSON."""
    warnings: list[tuple[int, str]] = field(default_factory=list)
    """The place of the text they are about, and the warning."""


class Transport(Protocol):
    """A way to a service. `translate` may be called from several threads."""

    @property
    def service(self) -> str:
        """What a resumed run must have in common with the first: a URL or an endpoint."""

    def translate(self, texts: list[str], pair: Pair) -> Answer:
        """Raises one of `client.errors`."""

    def models(self) -> list[dict[str, Any]]:
        """The pairs on offer: at least ``pair``, what else the service tells."""
