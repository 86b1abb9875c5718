"""DeepL's wire format, version 2, as its official clients use it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bottle import Bottle, HTTPResponse, request

from gateway.access import admit, identify, identity, note_outcome
from gateway.backend import Translation, TranslationRequest
from gateway.deepl_documents import DeepLDocumentRoutes
from gateway.deepl_parameters import check_honoured, target_choice, wishes
from gateway.deepl_v3 import DeepLV3Routes
from gateway.dialect import json_answer
from gateway.documents import Documents
from gateway.errors import GatewayError, bad_request
from gateway.glossary_choice import asked_glossaries, terms_of
from gateway.languages import REGIONS, find_code, name_of
from gateway.limits import DAY
from gateway.parameters import Parameters, flag, read_parameters
from gateway.service import AUTO, Service
from gateway.text import billed_characters, check_text

MAX_TEXTS = 50
MAX_BYTES = 128 * 1024  # of a request's texts: DeepL counts the body, whatever its encoding adds
NO_LIMIT = 1_000_000_000_000  # what DeepL answers for keys without a limit


@dataclass(frozen=True)
class DeepLRoutes:
    service: Service
    documents: Documents

    def mount(self, app: Bottle) -> None:
        app.post("/v2/translate", callback=self.translate)
        app.route("/v2/languages", ["GET", "POST"], callback=self.languages)
        app.route("/v2/usage", ["GET", "POST"], callback=self.usage)
        DeepLDocumentRoutes(self.service, self.documents, self._source, self._target).mount(app)
        DeepLV3Routes(self.service, self._read, self._sources, self._targets).mount(app)

    def translate(self) -> HTTPResponse:
        parameters = self._read()
        client = admit(self.service, parameters)
        check_honoured(parameters)
        wanted = self._wanted(parameters, client)
        billing = flag(parameters, "show_billed_characters")
        warned = flag(parameters, "show_warnings")
        maximum = min(MAX_TEXTS, self.service.settings.batch_limit)
        outcome = self.service.translate(client, wanted, maximum)
        note_outcome(outcome)
        answers = [
            _answer(translation, source, warned)
            for translation, source in zip(outcome.translations, outcome.sources, strict=True)
        ]
        for answer, text in zip(answers, wanted.texts, strict=True):
            if billing:
                answer["billed_characters"] = billed_characters(text, wanted.format != "text")
            if parameters.first("model_type"):
                answer["model_type_used"] = "latency_optimized"
        return json_answer({"translations": answers}, headers=_confidences(outcome.translations))

    def languages(self) -> list[dict[str, Any]]:
        """Python's client asks for the targets in the body of a GET, Node's in the query."""
        parameters = self._read()
        identify(self.service, parameters)
        kind = parameters.first("type") if "type" in parameters else "source"
        if kind not in ("source", "target"):
            raise bad_request("Value for 'type' not supported. Use source or target.")
        if kind == "source":
            return [_language(code) for code in self._sources()]
        return [{**_language(code), "supports_formality": False} for code in self._targets()]

    def usage(self) -> dict[str, Any]:
        client = identify(self.service, self._read())
        limit = self.service.limits.daily_characters(client) or NO_LIMIT
        used, period = self.service.limits.today(client)
        start, end = (_midnight(day * DAY) for day in (period, period + 1))
        counts = {"character_count": used, "api_key_character_count": used}
        return {
            **counts,
            "character_limit": limit,
            "api_key_character_limit": limit,
            "start_time": start,
            "end_time": end,
            "products": [{"product_type": "translate", **counts}],
        }

    def _read(self) -> Parameters:
        return read_parameters(request, self.service.settings)

    def _wanted(self, parameters: Parameters, client: str) -> TranslationRequest:
        texts = tuple(check_text(text, "text") for text in parameters.every("text"))
        if not texts:
            raise bad_request("Parameter 'text' not specified.")
        _check_bytes(texts)
        way = self._source(parameters), self._target(parameters)
        return TranslationRequest(
            texts,
            *way,
            terms=terms_of(self.service, client, asked_glossaries(parameters), way, texts),
            **identity(),
            **wishes(parameters),
        )

    def _source(self, parameters: Parameters) -> str:
        asked = parameters.first("source_lang")
        if asked is None:
            return AUTO
        known = isinstance(asked, str) and find_code(asked, self.service.routes.sources)
        if not known:
            raise bad_request("Value for 'source_lang' not supported.")
        return known

    def _target(self, parameters: Parameters) -> str:
        asked = target_choice(parameters)
        known = find_code(asked, self.service.routes.languages)
        if not known:
            raise bad_request("Value for 'target_lang' not supported.")
        return known

    def _sources(self) -> list[str]:
        return sorted({code.partition("-")[0] for code in self.service.routes.sources})

    def _targets(self) -> list[str]:
        """The regional varieties DeepL's clients insist on, for a model of the language itself."""
        routes = self.service.routes
        targets = {t for s in routes.sources for t in routes.targets(s) if t != s}
        return sorted(code for target in targets for code in REGIONS.get(target, (target,)))


def _language(code: str) -> dict[str, Any]:
    return {"language": code.upper(), "name": name_of(code)}


def _midnight(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _check_bytes(texts: Iterable[str]) -> None:
    size = sum(len(text.encode()) for text in texts)
    if size > MAX_BYTES:
        message = f"Invalid request: texts of {size} bytes exceed the limit of {MAX_BYTES} bytes"
        raise GatewayError(413, "text_too_long", message)


def _confidences(translations: Sequence[Translation]) -> dict[str, str]:
    """The header for what DeepL's answer has no place for; none where nothing is known.

    It has a number from 0 to 1, or `none`, for each text: 7 bytes for each of 50 at most.
    """
    known = [translation.confidence for translation in translations]
    if not any(each is not None for each in known):
        return {}
    shown = ("none" if each is None else f"{each:.3f}" for each in known)
    return {"X-Translation-Confidence": ", ".join(shown)}


def _answer(translation: Translation, source: str, warned: bool) -> dict[str, Any]:
    language = source.partition("-")[0].upper()
    answer = {"detected_source_language": language, "text": translation.text}
    return answer | ({"warnings": list(translation.warnings)} if warned else {})
