"""What the gateway function is told: its environment variables."""

import json
from collections.abc import Mapping

import pulumi

from infra.errors import SettingsError
from infra.policies import as_json
from infra.settings import Settings
from infra.uses import Uses

ENVIRONMENT_LIMIT = 4096  # bytes, names and values of all variables together
_FIXED = 430  # bytes of them: the variables' names, and the values that no list makes longer
_DOCUMENTS = 150  # around the stack's name in those of documents, with the longest region's
_ENDPOINT, _KEY = 18, 8  # bytes around a pair and its endpoint, a suffix too; a key and its hash


def function_environment(
    settings: Settings,
    endpoints: Mapping[str, pulumi.Input[str]],
    hashes: Mapping[str, pulumi.Input[str]],
    uses: Uses,
) -> dict[str, pulumi.Input[str]]:
    """The variables that the gateway reads; one at its default is left out.

    `endpoints` maps pairs to endpoint names, `hashes` clients to the hashes of their keys.
    """
    given: dict[str, pulumi.Input[str]] = {
        "GATEWAY_AUTH": settings.auth,
        "GATEWAY_CORS_ORIGINS": ",".join(settings.cors_origins),  # empty for none, not for any
        "GATEWAY_ENDPOINTS": as_json(dict(endpoints)),
        "GATEWAY_METRICS_NAMESPACE": settings.name,
        "GATEWAY_GLOSSARIES": uses.glossaries.place,
    }
    if settings.auth == "keys":
        given["GATEWAY_API_KEYS"] = as_json(dict(hashes))
    if uses.counts is not None:
        given["GATEWAY_COUNTS"] = pulumi.Output.concat("dynamodb:", uses.counts.name)
    if uses.documents is not None:
        given |= uses.documents.environment
    optional = {
        "GATEWAY_DEMONSTRATIONS": ",".join(_demonstrations(settings)),
        "GATEWAY_PIVOT": settings.pivot,
        "GATEWAY_RATE_LIMIT": str(settings.rate_limit or ""),
        "GATEWAY_DAILY_CHARACTERS": str(settings.daily_characters or ""),
        "GATEWAY_KEY_LIMITS": _key_limits(settings),
    }
    return given | {name: value for name, value in optional.items() if value}


def _key_limits(settings: Settings) -> str:
    if not settings.key_limits or settings.auth == "none":
        return ""
    return json.dumps(settings.key_limits, sort_keys=True, separators=(",", ":"))


def _demonstrations(settings: Settings) -> list[str]:
    return [model.pair for model in settings.models if model.demonstration]


def check_environment(settings: Settings) -> None:
    """Refuse what would not fit into a function, which AWS would say in the midst of an update."""
    models = sum(2 * len(model.pair) + len(settings.name) + _ENDPOINT for model in settings.models)
    names = settings.api_keys if settings.auth == "keys" else []
    keys = sum(len(name) + 64 + _KEY for name in names)
    lists = (settings.cors_origins, _demonstrations(settings))
    size = _FIXED + models + keys + sum(len(",".join(values)) for values in lists)
    size += len(_key_limits(settings)) + len(settings.name) * (3 if names else 2)
    size += _DOCUMENTS + 2 * len(settings.name) if settings.documents else 0
    if size > ENVIRONMENT_LIMIT:
        raise SettingsError(
            f"apiKeys ({len(settings.api_keys)}), keyLimits ({len(settings.key_limits)}), models"
            f" ({len(settings.models)}) and corsOrigins ({len(settings.cors_origins)}) need"
            f" {size} bytes of the {ENVIRONMENT_LIMIT} that a function's settings may have. Take"
            " fewer or shorter names."
        )
