"""Who is asking: the key, the caller's name, and what goes into the request's log line."""

from __future__ import annotations

from typing import TypedDict

from bottle import request

from gateway.envelope import NOTES, PAIRS, REQUEST_ID, WARNINGS, trace_of
from gateway.keys import key_in, key_invalid, key_missing
from gateway.parameters import Parameters
from gateway.service import Outcome, Service

_EVERYONE = "everyone."  # an owner of its own: no key's name has a dot


def identify(service: Service, parameters: Parameters) -> str:
    """The key's name; without keys, the caller's address. Raises GatewayError 403."""
    if service.settings.auth == "none":
        return f"address:{request.environ.get('REMOTE_ADDR', '')}"
    key = key_in(request, parameters)
    if not key:
        raise key_missing()
    name = service.keyring.name_of(key)
    if name is None:
        raise key_invalid()
    request.environ[NOTES]["key"] = name
    return name


def admit(service: Service, parameters: Parameters) -> str:
    """As `identify`, and counts the request against the caller's rate."""
    client = identify(service, parameters)
    service.limits.count_request(client)
    return client


def owner_of(service: Service, client: str) -> str:
    """The owner of the glossaries that a caller uses: the key; without keys, everyone."""
    return _EVERYONE if service.settings.auth == "none" else client


def note_outcome(outcome: Outcome) -> None:
    """Adds to the request's log line and to the answer's warnings.

    A request may be translated in several calls.
    """
    notes = request.environ[NOTES]
    legs = [[f"{source}-{target}" for source, target in way] for way in outcome.legs]
    notes["texts"] = notes.get("texts", 0) + len(outcome.translations)
    notes["characters"] = notes.get("characters", 0) + outcome.characters
    ways = [way for way in outcome.legs if way]
    pairs = request.environ.setdefault(PAIRS, set())
    pairs.update(f"{way[0][0]}_{way[-1][1]}" for way in ways)
    known = notes.setdefault("legs", [])
    known += [leg for leg in legs if leg not in known]
    warnings = (w for translation in outcome.translations for w in translation.warnings)
    request.environ.setdefault(WARNINGS, {}).update(dict.fromkeys(warnings))


class Identity(TypedDict):
    """What of a `TranslationRequest` follows a request through all logs."""

    request_id: str
    traceparent: str


def identity() -> Identity:
    environ = request.environ
    return {"request_id": str(environ[REQUEST_ID]), "traceparent": trace_of(environ)}
