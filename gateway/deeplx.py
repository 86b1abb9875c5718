"""DeepLX's one route: `/translate` with `text`, `source_lang` and `target_lang`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gateway.access import identity, note_outcome
from gateway.backend import TranslationRequest
from gateway.errors import bad_request
from gateway.parameters import Parameters
from gateway.service import AUTO, Service
from gateway.text import check_text


def is_meant(parameters: Parameters) -> bool:
    return "q" not in parameters and "text" in parameters and "target_lang" in parameters


def translate(
    service: Service, client: str, parameters: Parameters, language: Callable[[object], str]
) -> dict[str, Any]:
    """`language` finds the deployed one that a code means."""
    text = check_text(parameters.first("text"), "text")
    target = language(parameters.first("target_lang"))
    if target == AUTO:
        raise bad_request(f"{AUTO} is not supported")
    source = language(parameters.first("source_lang") or AUTO)
    wanted = TranslationRequest((text,), source, target, **identity())
    outcome = service.translate(client, wanted)
    note_outcome(outcome)
    return {
        "code": 200,
        "data": outcome.translations[0].text,
        "alternatives": [],
        "source_lang": outcome.sources[0].upper(),
        "target_lang": target.upper(),
    }
