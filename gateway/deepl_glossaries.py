"""DeepL's glossaries, versions 2 and 3. What has one dictionary is the same glossary in both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bottle import Bottle, HTTPResponse, request

from gateway.access import admit, identify, owner_of
from gateway.backend import Pair
from gateway.dialect import json_answer
from gateway.errors import GatewayError, bad_request
from gateway.glossary import Dictionary, Glossary, GlossaryInfo, no_dictionary, not_found
from gateway.glossary_entries import check_name, write_tsv
from gateway.glossary_parameters import (
    fields_of,
    read_dictionaries,
    read_dictionary,
    read_pair,
)
from gateway.glossary_store import MAX_GLOSSARIES, Change, GlossaryStore
from gateway.languages import base_code
from gateway.parameters import Parameters, read_parameters
from gateway.service import Service

MAX_BYTES = 4_000_000  # of a request, and of a glossary's terms together
_TSV = "text/tab-separated-values"
_DICTIONARY = ("source_lang", "target_lang", "entries", "entries_format")
_ACCEPTED = (_TSV, "text/*", "*/*", "")


@dataclass(frozen=True)
class GlossaryRoutes:
    service: Service

    def mount(self, app: Bottle) -> None:
        app.post("/v2/glossaries", callback=self.create)
        app.get("/v2/glossaries", callback=self.list_all)
        app.get("/v2/glossaries/<glossary_id>", callback=self.show)
        app.get("/v2/glossaries/<glossary_id>/entries", callback=self.entries)
        app.delete("/v2/glossaries/<glossary_id>", callback=self.delete)
        app.get("/v2/glossary-language-pairs", callback=self.pairs)
        app.post("/v3/glossaries", callback=self.create_multilingual)
        app.get("/v3/glossaries", callback=self.list_multilingual)
        one = "/v3/glossaries/<glossary_id>"
        app.get(one, callback=self.show_multilingual)
        app.route(one, "PATCH", callback=self.merge)
        app.delete(one, callback=self.delete)
        app.put(f"{one}/dictionaries", callback=self.replace_dictionary)
        app.delete(f"{one}/dictionaries", callback=self.delete_dictionary)
        app.get(f"{one}/entries", callback=self.multilingual_entries)

    # Version 2

    def create(self) -> HTTPResponse:
        owner, parameters = self._admitted()
        name = check_name(parameters.first("name"))
        dictionary = read_dictionary(fields_of(parameters, *_DICTIONARY), self._pairs)
        return _created(_monolingual(self._create(owner, name, (dictionary,)).info))

    def list_all(self) -> dict[str, Any]:
        infos = self._store.infos(self._owner())
        return {"glossaries": [_monolingual(info) for info in infos if len(info.counts) == 1]}

    def show(self, glossary_id: str) -> dict[str, Any]:
        return _monolingual(self._find_monolingual(glossary_id).info)

    def entries(self, glossary_id: str) -> HTTPResponse:
        glossary = self._find_monolingual(glossary_id)
        kinds = request.get_header("Accept", "").split(",")
        if not any(kind.partition(";")[0].strip().lower() in _ACCEPTED for kind in kinds):
            raise GatewayError(415, "unsupported_accept", f"Accept must be {_TSV}.")
        body = write_tsv(glossary.dictionaries[0].entries).encode()
        return HTTPResponse(body, headers={"Content-Type": f"{_TSV}; charset=utf-8"})

    def pairs(self) -> dict[str, Any]:
        self._owner()
        listed = [{"source_lang": source, "target_lang": target} for source, target in self._pairs]
        return {"supported_languages": listed}

    # Both

    def delete(self, glossary_id: str) -> HTTPResponse:
        owner = self._owner()
        if request.path.startswith("/v2/"):
            self._find_monolingual(glossary_id)
        if not self._store.delete(owner, glossary_id):
            not_found()
        return HTTPResponse(status=204)

    # Version 3

    def create_multilingual(self) -> HTTPResponse:
        owner, parameters = self._admitted()
        name = check_name(parameters.first("name"))
        dictionaries = read_dictionaries(parameters, self._pairs)
        if not dictionaries:
            raise bad_request("Parameter 'dictionaries' not specified.")
        return _created(_multilingual(self._create(owner, name, dictionaries).info))

    def list_multilingual(self) -> dict[str, Any]:
        infos = self._store.infos(self._owner())
        return {"glossaries": [_multilingual(info) for info in infos]}

    def show_multilingual(self, glossary_id: str) -> dict[str, Any]:
        return _multilingual(self._find(glossary_id).info)

    def merge(self, glossary_id: str) -> dict[str, Any]:
        """Another name, and entries beside those that are there, or in their place."""
        owner, parameters = self._admitted()
        name = check_name(parameters.first("name")) if "name" in parameters else None
        dictionaries = read_dictionaries(parameters, self._pairs)

        def change(glossary: Glossary) -> Glossary:
            for each in dictionaries:
                known = glossary.find(each.pair)
                entries = {**(known.entries if known else {}), **each.entries}
                glossary = _with(glossary, replace(each, entries=entries))
            return replace(glossary, name=name or glossary.name)

        return _multilingual(self._change(owner, glossary_id, change).info)

    def replace_dictionary(self, glossary_id: str) -> dict[str, Any]:
        owner, parameters = self._admitted()
        dictionary = read_dictionary(fields_of(parameters, *_DICTIONARY), self._pairs)
        self._change(owner, glossary_id, lambda glossary: _with(glossary, dictionary))
        return _counted(dictionary.pair, len(dictionary.entries))

    def delete_dictionary(self, glossary_id: str) -> HTTPResponse:
        owner, parameters = self._admitted()
        pair = self._asked_pair(parameters)

        def change(glossary: Glossary) -> Glossary:
            if glossary.find(pair) is None:
                no_dictionary()
            kept = tuple(each for each in glossary.dictionaries if each.pair != pair)
            return replace(glossary, dictionaries=kept)

        self._change(owner, glossary_id, change)
        return HTTPResponse(status=204)

    def multilingual_entries(self, glossary_id: str) -> dict[str, Any]:
        parameters = self._read()
        dictionary = self._find(glossary_id).find(self._asked_pair(parameters))
        if dictionary is None:
            no_dictionary()
        written = {
            "source_lang": dictionary.source,
            "target_lang": dictionary.target,
            "entries": write_tsv(dictionary.entries),
            "entries_format": "tsv",
        }
        return {"dictionaries": [written]}

    @property
    def _store(self) -> GlossaryStore:
        return self.service.glossaries

    @property
    def _pairs(self) -> list[Pair]:
        return glossary_pairs(self.service)

    def _read(self) -> Parameters:
        return read_parameters(request, self.service.settings, MAX_BYTES)

    def _owner(self) -> str:
        return owner_of(self.service, identify(self.service, self._read()))

    def _admitted(self) -> tuple[str, Parameters]:
        parameters = self._read()
        return owner_of(self.service, admit(self.service, parameters)), parameters

    def _asked_pair(self, parameters: Parameters) -> Pair:
        return read_pair(fields_of(parameters, "source_lang", "target_lang"), self._pairs)

    def _find(self, glossary_id: str) -> Glossary:
        return self._store.get(self._owner(), _checked(glossary_id)) or not_found()

    def _find_monolingual(self, glossary_id: str) -> Glossary:
        glossary = self._find(glossary_id)
        if len(glossary.dictionaries) != 1:
            not_found()
        return glossary

    def _create(self, owner: str, name: str, dictionaries: tuple[Dictionary, ...]) -> Glossary:
        if len(self._store.infos(owner)) >= MAX_GLOSSARIES:
            message = f"Glossary limit reached: delete one of your {MAX_GLOSSARIES} glossaries."
            raise GatewayError(456, "too_many_glossaries", message)
        glossary = _not_too_large(Glossary.new(name, dictionaries))
        self._store.create(owner, glossary)
        return glossary

    def _change(self, owner: str, glossary_id: str, change: Change) -> Glossary:
        changed = self._store.change(
            owner, _checked(glossary_id), lambda glossary: _not_too_large(change(glossary))
        )
        return changed or not_found()


def glossary_pairs(service: Service) -> list[Pair]:
    """The pairs with a model of their own, by base codes: terms do not go through a pivot."""
    pairs = ((base_code(source), base_code(target)) for source, target in service.routes.direct)
    return sorted({pair for pair in pairs if pair[0] != pair[1]})


def _checked(glossary_id: str) -> str:
    """A UUID's letters and digits: nothing else names an object."""
    if len(glossary_id) > 64 or not glossary_id.replace("-", "").isalnum():
        not_found()
    return glossary_id


def _with(glossary: Glossary, dictionary: Dictionary) -> Glossary:
    """With the dictionary in the place of the one of its pair, or at the end."""
    known = glossary.dictionaries
    if glossary.find(dictionary.pair) is None:
        return replace(glossary, dictionaries=(*known, dictionary))
    changed = (dictionary if each.pair == dictionary.pair else each for each in known)
    return replace(glossary, dictionaries=tuple(changed))


def _not_too_large(glossary: Glossary) -> Glossary:
    if (size := glossary.size) > MAX_BYTES:
        message = f"The glossary would have {size} bytes; the limit is {MAX_BYTES}."
        raise GatewayError(413, "glossary_too_large", message)
    return glossary


def _created(document: dict[str, Any]) -> HTTPResponse:
    return json_answer(document, 201)


def _monolingual(info: GlossaryInfo) -> dict[str, Any]:
    ((pair, count),) = info.counts.items()
    return _described(info, _counted(pair, count))


def _multilingual(info: GlossaryInfo) -> dict[str, Any]:
    counted = [_counted(pair, count) for pair, count in info.counts.items()]
    return _described(info, {"dictionaries": counted})


def _described(info: GlossaryInfo, content: dict[str, Any]) -> dict[str, Any]:
    about = {"glossary_id": info.id, "name": info.name, "ready": True}
    return {**about, **content, "creation_time": info.created}


def _counted(pair: Pair, count: int) -> dict[str, Any]:
    source, target = pair
    return {"source_lang": source, "target_lang": target, "entry_count": count}
