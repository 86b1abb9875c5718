"""What all ways to a service have in common."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from client.errors import Refused
from client.pair import Pair
from client.wishes import PLAIN, Wishes

MAX_REQUEST_BYTES = 4_000_000
"""A serverless endpoint takes 4 MB; the container and the public API follow it."""


@dataclass(frozen=True)
class Limits:
    """What goes into one request of a file or of standard input.

    The defaults are what an endpoint of the smallest memory translates well within a request's
    time, and enough for the server to fill its batches.
    """

    texts: int = 64
    characters: int = 8192
    """Of all texts together, counted as bytes; a longer line is cut."""

    def within(self, texts: object, characters: object) -> "Limits":
        """No more than a service says that it takes; what is no number above 0 says nothing.
        At least a character of UTF-8."""
        return Limits(_least(self.texts, texts), max(4, _least(self.characters, characters)))


@dataclass(frozen=True)
class Answer:
    texts: list[str]
    """Same length and order as the texts sent."""
    records: list[dict[str, Any]]
    """Of each text what the service tells: at least ``text``, in JSON's types."""
    warnings: list[tuple[int, str]] = field(default_factory=list)
    """The place of the text they are about, and the warning."""


def _least(ours: int, theirs: object) -> int:
    return min(ours, theirs) if isinstance(theirs, int) and theirs > 0 else ours


class Transport(Protocol):
    """A way to a service. `translate` may be called from several threads."""

    @property
    def service(self) -> str:
        """What a resumed run must have in common with the first: a URL or an endpoint."""

    def limits(self) -> Limits:
        """What the service takes at once, asked of it where it can tell."""

    def translate(self, texts: list[str], pair: Pair, wishes: Wishes = PLAIN) -> Answer:
        """Raises one of `client.errors`."""

    def models(self) -> list[dict[str, Any]]:
        """The pairs on offer: at least ``pair``, what else the service tells."""


def limits_of(transport: Transport) -> Limits:
    """Asked before any work; a service that does not know the question has the usual ones."""
    try:
        return transport.limits()
    except Refused:
        return Limits()
