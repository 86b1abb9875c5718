"""The container's OpenAPI document, with the fields of a request filled in from their one table."""

from typing import Any

import yaml

from serving.fields import MAX_CODE, Choice, Language, Number, Strings, Terms
from serving.request import RULES
from serving.settings import Settings
from tests.running import ROOT

_PATH = ROOT / "docs" / "openapi-container.yaml"
_LIMITS = Settings()
_TEXT = {"$ref": "#/components/schemas/Text"}
_TEXTS = {"type": "array", "maxItems": _LIMITS.max_texts, "items": _TEXT}
_FILLED = {"type": "string", "pattern": "^[^\\s\\u0000][^\\u0000]*$"}
_TERMS = {
    "type": "object",
    "maxProperties": _LIMITS.max_texts,
    "propertyNames": _TEXT,
    "additionalProperties": _FILLED,
}


def contract_document() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(_PATH.read_text("utf-8"))
    schemas = document["components"]["schemas"]
    own = {name: _schema(rule) for name, rule in RULES.items()}
    schemas["Request"]["properties"] = {"text": _TEXT, "texts": _TEXTS, **own}
    schemas["Language"]["maxLength"] = MAX_CODE
    return document


def _schema(rule: object) -> dict[str, Any]:
    if isinstance(rule, Choice):
        return {"enum": list(rule.choices)}
    if isinstance(rule, Number):
        kinds = ["integer", "null"]
        return {"type": kinds, "minimum": rule.minimum, "maximum": rule.maximum(_LIMITS)}
    if isinstance(rule, Strings):
        return _TEXTS
    if isinstance(rule, Terms):
        return _TERMS
    assert isinstance(rule, Language), rule
    return {"$ref": "#/components/schemas/Language"}
