"""The glossaries that a service keeps for a key, by DeepL's API, version 3."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from client.contract import decode, encode, is_text, not_ours
from client.errors import UsageError
from client.patience import Patience
from client.web import fetch

Dictionaries = Mapping[tuple[str, str], Mapping[str, str]]


@dataclass(frozen=True)
class Glossary:
    id: str
    name: str
    counts: dict[tuple[str, str], int]
    """Terms by languages."""

    def describe(self) -> str:
        counts = (f"{source}_{target} {count}" for (source, target), count in self.counts.items())
        return f"{self.id}  {self.name}  {', '.join(counts)}".rstrip()


@dataclass(frozen=True)
class Glossaries:
    url: str
    patience: Patience
    key: str | None = field(default=None, repr=False)

    def create(self, name: str, dictionaries: Dictionaries) -> Glossary:
        written = [
            {
                "source_lang": source,
                "target_lang": target,
                "entries": "\n".join(f"{term}\t{wanted}" for term, wanted in terms.items()),
                "entries_format": "tsv",
            }
            for (source, target), terms in dictionaries.items()
        ]
        sent = encode({"name": name, "dictionaries": written})
        return self._read(self._ask("", body=sent, method="POST"))

    def list(self) -> "list[Glossary]":
        answer = self._ask("")
        listed = answer.get("glossaries") if isinstance(answer, dict) else None
        if not isinstance(listed, list):
            raise not_ours(self.url)
        return [self._read(each) for each in listed]

    def find(self, asked: str) -> Glossary:
        """By its id, or by a name that only one has."""
        found = [each for each in self.list() if asked in (each.id, each.name)]
        if not found:
            raise UsageError(f"There is no glossary {asked!r}. See: glossary list.")
        if len(found) > 1:
            ids = ", ".join(each.id for each in found)
            raise UsageError(f"{len(found)} glossaries are called {asked!r}. Name an id: {ids}.")
        return found[0]

    def terms(self, glossary: Glossary) -> dict[tuple[str, str], str]:
        """By languages, as tab-separated values."""
        return {pair: self._terms(glossary, *pair) for pair in glossary.counts}

    def delete(self, glossary: Glossary) -> None:
        self._ask(f"/{quote(glossary.id, safe='')}", method="DELETE")

    def _terms(self, glossary: Glossary, source: str, target: str) -> str:
        query = urlencode({"source_lang": source, "target_lang": target})
        answer = self._ask(f"/{quote(glossary.id, safe='')}/entries?{query}")
        try:
            entries = answer["dictionaries"][0]["entries"]
        except (KeyError, IndexError, TypeError) as error:
            raise not_ours(self.url) from error
        if not is_text(entries):
            raise not_ours(self.url)
        return str(entries)

    def _ask(self, path: str, body: bytes | None = None, method: str = "GET") -> Any:
        url = f"{self.url}/v3/glossaries{path}"
        content = self.patience.call(lambda: fetch(url, body, method, self.key))
        return decode(content, self.url) if content else None

    def _read(self, answer: Any) -> Glossary:
        try:
            counts = {
                (str(each["source_lang"]), str(each["target_lang"])): int(each["entry_count"])
                for each in answer["dictionaries"]
            }
            known = Glossary(answer["glossary_id"], answer["name"], counts)
        except (KeyError, TypeError, ValueError) as error:
            raise not_ours(self.url) from error
        if not (is_text(known.id) and is_text(known.name)):
            raise not_ours(self.url)
        return known
