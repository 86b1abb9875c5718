"""The terms that a request's glossary has for its texts."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.access import owner_of
from gateway.backend import Pair
from gateway.errors import GatewayError, bad_request
from gateway.glossary import Glossary, no_dictionary, not_found
from gateway.glossary_entries import check_term
from gateway.languages import base_code
from gateway.parameters import Parameters
from gateway.service import AUTO, Service
from gateway.terms import TermIndex

MAX_GLOSSARIES = 10  # in one request
MAX_TERMS = 1000  # of a request: the model's server takes no more


def terms_of(
    service: Service, client: str, ids: Sequence[str], way: Pair, texts: Sequence[str]
) -> dict[str, str]:
    """The terms of these glossaries that the texts may have, from a source (maybe `auto`)."""
    if not ids:
        return {}
    source, target = way
    if source == AUTO:
        raise bad_request("Use of a glossary requires the source_lang parameter to be specified")
    store, owner = service.glossaries, owner_of(service, client)
    found = [store.get(owner, glossary_id) for glossary_id in ids]
    glossaries = [glossary for glossary in found if glossary is not None]
    if len(glossaries) < len(ids):
        not_found()
    return _terms(glossaries, source, target, texts)


def libretranslate_terms(
    service: Service, client: str, glossary: object, way: Pair, texts: Sequence[str]
) -> dict[str, str]:
    """The terms of `glossary`: an id, a name, or terms and their translations themselves."""
    if glossary is None or glossary in ("", {}):
        return {}
    if isinstance(glossary, dict):
        return _few(TermIndex(_checked(glossary)).within(texts))
    if not isinstance(glossary, str):
        raise bad_request("Invalid request: glossary must be an id, a name or an object of terms")
    source, target = way
    if source == AUTO:
        raise bad_request("Invalid request: a glossary needs the source language")
    found = _by_id_or_name(service, owner_of(service, client), glossary)
    return _terms([found], source, target, texts)


def asked_glossaries(parameters: Parameters) -> list[str]:
    """`glossary_id` or `glossary_ids`: as JSON, as repeated fields, or with commas between them."""
    one = [each for each in parameters.every("glossary_id") if each != ""]
    many = [each for each in parameters.every("glossary_ids") if each != ""]
    if one and many:
        raise bad_request("Parameters 'glossary_id' and 'glossary_ids' exclude each other.")
    if not all(isinstance(each, str) for each in one + many):
        raise bad_request("Value for 'glossary_ids' not supported. Use ids of glossaries.")
    ids = [found.strip() for each in one + many for found in each.split(",") if found.strip()]
    if len(ids) > MAX_GLOSSARIES:
        raise bad_request(f"Parameter 'glossary_ids' has more than {MAX_GLOSSARIES} glossaries.")
    return ids


def _by_id_or_name(service: Service, owner: str, asked: str) -> Glossary:
    store = service.glossaries
    found = store.get(owner, asked) if len(asked) <= 64 and "/" not in asked else None
    if found is None:
        named = [info for info in store.infos(owner) if info.name == asked]
        found = store.get(owner, named[-1].id) if named else None  # the newest of that name
    if found is None:
        not_found()
    return found


def _terms(
    glossaries: Sequence[Glossary], source: str, target: str, texts: Sequence[str]
) -> dict[str, str]:
    """The terms of all glossaries; where two have one, as the first has it."""
    pair = base_code(source), base_code(target)
    dictionaries = [found for glossary in glossaries if (found := glossary.find(pair))]
    if not dictionaries:
        no_dictionary()
    terms: dict[str, str] = {}
    for dictionary in reversed(dictionaries):
        terms |= dictionary.index.within(texts)
    return _few(terms)


def _few(terms: dict[str, str]) -> dict[str, str]:
    if len(terms) > MAX_TERMS:
        message = (
            f"The texts may have {len(terms)} of the glossary's terms, more than the limit of "
            f"{MAX_TERMS}. Send fewer texts."
        )
        raise GatewayError(413, "too_many_terms", message)
    return terms


def _checked(terms: dict[str, object]) -> dict[str, str]:
    if len(terms) > MAX_TERMS:
        raise bad_request(f"Invalid request: glossary has more than {MAX_TERMS} terms")
    return {check_term(source): check_term(target) for source, target in terms.items()}
