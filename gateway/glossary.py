"""A glossary: terms of one caller, and how they are to be translated, by pair of languages."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn
from uuid import uuid4

from gateway.backend import Pair
from gateway.errors import GatewayError
from gateway.terms import TermIndex


@dataclass(frozen=True)
class Dictionary:
    """Terms of one pair; its languages are lower-case codes without region: `en`."""

    source: str
    target: str
    entries: Mapping[str, str]

    @property
    def pair(self) -> Pair:
        return self.source, self.target

    @cached_property
    def index(self) -> TermIndex:
        return TermIndex(self.entries)


@dataclass(frozen=True)
class GlossaryInfo:
    """A glossary without its terms: what a list shows."""

    id: str
    name: str
    created: str  # 2026-11-29T14:16:18.329Z
    counts: Mapping[Pair, int]  # entries


@dataclass(frozen=True)
class Glossary:
    id: str
    name: str
    created: str
    dictionaries: tuple[Dictionary, ...]

    @classmethod
    def new(cls, name: str, dictionaries: tuple[Dictionary, ...]) -> Glossary:
        return cls(str(uuid4()), name, _now(), dictionaries)

    @property
    def info(self) -> GlossaryInfo:
        counts = {each.pair: len(each.entries) for each in self.dictionaries}
        return GlossaryInfo(self.id, self.name, self.created, counts)

    def find(self, pair: Pair) -> Dictionary | None:
        return next((each for each in self.dictionaries if each.pair == pair), None)

    @property
    def size(self) -> int:
        """Bytes of all terms in UTF-8, and two for each entry."""
        return sum(
            len(source.encode()) + len(target.encode()) + 2
            for each in self.dictionaries
            for source, target in each.entries.items()
        )

    def as_json(self) -> str:
        dictionaries = [
            {"source": each.source, "target": each.target, "entries": dict(each.entries)}
            for each in self.dictionaries
        ]
        document = {"id": self.id, "name": self.name, "created": self.created}
        return json.dumps({**document, "dictionaries": dictionaries}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> Glossary:
        document: dict[str, Any] = json.loads(text)
        dictionaries = tuple(
            Dictionary(each["source"], each["target"], each["entries"])
            for each in document["dictionaries"]
        )
        return cls(document["id"], document["name"], document["created"], dictionaries)


def not_found() -> NoReturn:
    raise GatewayError(404, "glossary_not_found", "Glossary not found")


def no_dictionary() -> NoReturn:
    raise GatewayError(404, "glossary_dictionary_not_found", "Glossary dictionary not found")


def _now() -> str:
    """The time with a fraction, without which DeepL's Python client fails."""
    seconds = time.time()
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds % 1 * 1000):03}Z"
