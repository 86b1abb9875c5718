"""The OpenAPI 3.1 document: openapi.json, with what this deployment serves filled in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gateway.deepl import MAX_TEXTS
from gateway.languages import REGIONS, base_code
from gateway.legs import Routes
from gateway.service import AUTO
from gateway.settings import Settings

_DOCUMENT = Path(__file__).with_name("openapi.json")


def document() -> dict[str, Any]:
    """The document as written, without a deployment's languages and limits."""
    parsed: dict[str, Any] = json.loads(_DOCUMENT.read_text(encoding="utf-8"))
    return parsed


def describe(routes: Routes, settings: Settings) -> dict[str, Any]:
    described = document()
    schemas = described["components"]["schemas"]
    targets = sorted({t for s in routes.sources for t in routes.targets(s)})
    sources = routes.sources
    schemas["Source"]["enum"] = [AUTO, *sources]
    schemas["Target"]["enum"] = targets
    schemas["DeepLSource"]["enum"] = sorted({s.partition("-")[0].upper() for s in sources})
    schemas["DeepLTarget"]["enum"] = sorted(
        code.upper() for target in targets for code in (target, *REGIONS.get(target, ()))
    )
    schemas["GlossaryLanguage"]["enum"] = sorted(
        {base_code(code) for pair in routes.direct for code in pair}
    )
    schemas["Text"]["maxLength"] = settings.character_limit
    schemas["Texts"]["maxItems"] = settings.batch_limit
    schemas["DeepLTexts"]["maxItems"] = min(settings.batch_limit, MAX_TEXTS)
    schemas["Alternatives"]["maximum"] = settings.alternatives_limit
    if settings.auth == "none":
        _open(described)
    return described


def _open(described: dict[str, Any]) -> None:
    """Nothing needs a key: take the requirement off every operation."""
    for methods in described["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    del described["components"]["securitySchemes"]
