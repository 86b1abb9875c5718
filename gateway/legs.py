"""Which pairs can be translated: with a model of their own, or through the pivot."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.backend import Pair
from gateway.languages import public_code

Legs = tuple[Pair, ...]


class Routes:
    """Routes between public codes; the legs hold the codes as deployed."""

    def __init__(self, pairs: Iterable[Pair], pivot: str = "", demonstrations: Iterable[Pair] = ()):
        self._demonstrations = set(demonstrations)
        self._direct = {(public_code(s), public_code(t)): (s, t) for s, t in pairs}
        self._pivot = public_code(pivot)
        self.sources = sorted({source for source, _ in self._direct})
        self.direct = list(self._direct)
        self.languages = sorted({code for pair in self._direct for code in pair})

    def legs(self, source: str, target: str) -> Legs | None:
        """The pairs to go through in turn; empty for one language, None if there is no way."""
        if source == target:
            return ()
        if (source, target) in self._direct:
            return (self._direct[source, target],)
        first = self._direct.get((source, self._pivot))
        second = self._direct.get((self._pivot, target))
        return (first, second) if first and second else None

    def is_demonstration(self, source: str, target: str) -> bool:
        """Whether a model on the way shows the service rather than translates well."""
        return not self._demonstrations.isdisjoint(self.legs(source, target) or ())

    def targets(self, source: str) -> list[str]:
        """Every language that can be reached, the source itself included."""
        return [code for code in self.languages if self.legs(source, code) is not None]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Every way between two languages, those without a demonstration first."""
        found = [(s, t) for s in self.languages for t in self.targets(s) if s != t]
        return sorted(found, key=lambda pair: self.is_demonstration(*pair))
