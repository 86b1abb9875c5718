"""Glossaries as DeepL's clients send them: in JSON, or in a form as `dictionaries[0].entries`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from gateway.backend import Pair
from gateway.errors import bad_request
from gateway.glossary import Dictionary
from gateway.glossary_entries import read_entries
from gateway.languages import MAX_CODE, base_code
from gateway.parameters import Parameters

_DOTTED = re.compile(r"dictionaries\[(\d{1,3})\]\.(\w{1,40})")


def read_pair(fields: Mapping[str, Any], pairs: Collection[Pair]) -> Pair:
    """`source_lang` and `target_lang` without their regions; 400 unless a model translates so."""
    pair = (_language(fields, "source_lang"), _language(fields, "target_lang"))
    if pair not in pairs:
        raise bad_request(
            "Unsupported glossary source and target languages. See /v2/glossary-language-pairs."
        )
    return pair


def read_dictionary(fields: Mapping[str, Any], pairs: Collection[Pair]) -> Dictionary:
    pair = read_pair(fields, pairs)
    if fields.get("entries") is None:
        raise bad_request("Parameter 'entries' not specified.")
    entries_format = fields.get("entries_format") or "tsv"
    return Dictionary(*pair, read_entries(fields["entries"], entries_format, pair))


def read_dictionaries(parameters: Parameters, pairs: Collection[Pair]) -> tuple[Dictionary, ...]:
    """The dictionaries of a multilingual glossary, no two of one pair; empty where none is sent."""
    fields = parameters.every("dictionaries") or _dotted(parameters)
    if not all(isinstance(each, dict) for each in fields):
        raise bad_request("Parameter 'dictionaries' must be a list of objects.")
    if len(fields) > len(pairs):
        raise bad_request(f"Parameter 'dictionaries' has more than the {len(pairs)} pairs served.")
    found = tuple(read_dictionary(each, pairs) for each in fields)
    if len({each.pair for each in found}) < len(found):
        raise bad_request("Parameter 'dictionaries' has two dictionaries of one pair.")
    return found


def fields_of(parameters: Parameters, *names: str) -> dict[str, Any]:
    return {name: parameters.first(name) for name in names}


def _dotted(parameters: Parameters) -> list[dict[str, Any]]:
    """The dictionaries in a form, as Node's client writes them."""
    found: dict[int, dict[str, Any]] = {}
    for name in parameters.names():
        if match := _DOTTED.fullmatch(name):
            found.setdefault(int(match[1]), {})[match[2]] = parameters.first(name)
    return [found[number] for number in sorted(found)]


def _language(fields: Mapping[str, Any], name: str) -> str:
    code = fields.get(name)
    if not code:
        raise bad_request(f"Parameter '{name}' not specified.")
    if not isinstance(code, str) or len(code) > MAX_CODE:
        raise bad_request(f"Value for '{name}' not supported.")
    return base_code(code)
