"""DeepL's newer questions: what each resource does in which language, and lists that are empty."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from typing import Any

from bottle import Bottle

from gateway.access import identify
from gateway.deepl_glossaries import glossary_pairs
from gateway.errors import bad_request
from gateway.languages import name_of
from gateway.parameters import Parameters
from gateway.service import Service

TRANSLATION, DOCUMENTS, GLOSSARY = "translate_text", "translate_document", "glossary"
ELSEWHERE = ("voice", "write", "style_rules", "translation_memory")
"""DeepL's other resources: no language has them here."""


@dataclass(frozen=True)
class DeepLV3Routes:
    service: Service
    read: Callable[[], Parameters]
    sources: Callable[[], list[str]]
    targets: Callable[[], list[str]]

    def mount(self, app: Bottle) -> None:
        app.get("/v3/languages", callback=self.languages)
        app.get("/v3/languages/resources", callback=self.resources)
        app.get("/v3/style_rules", callback=self.style_rules)
        app.get("/v3/translation_memories", callback=self.translation_memories)

    def languages(self) -> list[dict[str, Any]]:
        parameters = self.read()
        identify(self.service, parameters)
        resource = parameters.first("resource")
        if not resource:
            raise bad_request("Parameter 'resource' not specified.")
        if resource not in (TRANSLATION, DOCUMENTS, GLOSSARY, *ELSEWHERE):
            raise bad_request(f"Value for 'resource' not supported. Use {TRANSLATION}.")
        if resource == GLOSSARY:
            return self._glossary_languages()
        features = self._features().get(resource)
        return self._languages(features) if features else []

    def _glossary_languages(self) -> list[dict[str, Any]]:
        pairs = glossary_pairs(self.service)
        sources = {source for source, _ in pairs}
        targets = {target for _, target in pairs}
        return [_listed(code, sources, targets, {}) for code in sorted(sources | targets)]

    def _features(self) -> dict[str, tuple[str, ...]]:
        """What translates, and what can be asked of it."""
        documents = {DOCUMENTS: (GLOSSARY,)} if self.service.settings.files else {}
        return {TRANSLATION: ("tag_handling", GLOSSARY), **documents}

    def _languages(self, names: Iterable[str]) -> list[dict[str, Any]]:
        sources, targets = self.sources(), self.targets()
        features = {name: {"status": "stable"} for name in names}
        return [_listed(code, sources, targets, features) for code in sorted({*sources, *targets})]

    def resources(self) -> list[dict[str, Any]]:
        identify(self.service, self.read())
        needed = {"needs_source_support": True, "needs_target_support": True}
        translating = [
            {"name": resource, "features": [{"name": name, **needed} for name in features]}
            for resource, features in self._features().items()
        ]
        return [*translating, {"name": GLOSSARY, "features": []}]

    def style_rules(self) -> dict[str, Any]:
        """An empty list: tools ask for style rules before they translate, and go on without."""
        identify(self.service, self.read())
        return {"style_rules": []}

    def translation_memories(self) -> dict[str, Any]:
        identify(self.service, self.read())
        return {"translation_memories": [], "total_count": 0}


def _listed(
    code: str, sources: Container[str], targets: Container[str], features: dict[str, Any]
) -> dict[str, Any]:
    return {
        "lang": code,
        "name": name_of(code),
        "usable_as_source": code in sources,
        "usable_as_target": code in targets,
        "status": "stable",
        "features": features,
    }
