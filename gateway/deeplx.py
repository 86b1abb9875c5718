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
    alternatives = service.settings.alternatives_limit
    wanted = TranslationRequest((text,), source, target, alternatives=alternatives, **identity())
    outcome = service.translate(client, wanted)
    note_outcome(outcome)
    [translation] = outcome.translations
    return {
        "code": 200,
        "data": translation.text,
        "alternatives": translation.others,
        "source_lang": outcome.sources[0].upper(),
        "target_lang": target.upper(),
    }
