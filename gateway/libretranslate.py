"""LibreTranslate's wire format: /translate, /detect, /languages and what its clients also ask."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from bottle import Bottle, HTTPResponse, request

from file_formats.names import MEDIA_TYPES
from gateway import deeplx
from gateway.access import admit, identity, note_outcome
from gateway.backend import Translation, TranslationRequest
from gateway.detection import Guess
from gateway.errors import bad_request
from gateway.files import FileRoutes, TranslatedFiles
from gateway.glossary_choice import libretranslate_terms
from gateway.languages import find_code, name_of, preferred
from gateway.parameters import Parameters, flag, read_parameters
from gateway.service import AUTO, Outcome, Service
from gateway.text import check_text

TEXT_FORMATS = ("text", "html")


@dataclass(frozen=True)
class LibreTranslateRoutes:
    service: Service
    files: TranslatedFiles

    def mount(self, app: Bottle) -> None:
        app.post("/translate", callback=self.translate)
        app.post("/", callback=self.translate)  # clients that take the URL as it is
        app.post("/detect", callback=self.detect)
        app.route("/languages", ["GET", "POST"], callback=self.languages)
        app.get("/frontend/settings", callback=self.frontend_settings)
        app.get("/health", callback=lambda: {"status": "ok"})
        FileRoutes(self.service, self.language, self.files).mount(app)

    def translate(self) -> Any:
        parameters = self._read()
        client = admit(self.service, parameters)
        if parameters.text is not None:
            return self._translate_body(client, parameters)
        if deeplx.is_meant(parameters):
            return deeplx.translate(self.service, client, parameters, self.language)
        q, texts = _texts(parameters)
        warned = flag(parameters, "show_warnings")
        outcome = self.service.translate(client, self._wanted(client, parameters, texts))
        note_outcome(outcome)
        return _answer(outcome, isinstance(q, list), warned, parameters)

    def _translate_body(self, client: str, parameters: Parameters) -> HTTPResponse:
        """text/plain in, text/plain out; the languages are in the query, or the only ones."""
        text = check_text(parameters.text, "the body")
        self.service.limits.check_size([text])  # before anything looks at all of it
        source = self.language(parameters.first("source") or AUTO)
        target = parameters.first("target")
        wanted = TranslationRequest(
            (text,),
            source,
            self.language(target) if target else self._only_target(source, text),
            **identity(),
        )
        outcome = self.service.translate(client, wanted)
        note_outcome(outcome)
        body = outcome.translations[0].text.encode()
        return HTTPResponse(body, headers={"Content-Type": "text/plain; charset=utf-8"})

    def detect(self) -> list[dict[str, Any]]:
        parameters = self._read()
        admit(self.service, parameters)
        text = check_text(_required(parameters, "q"), "q")
        self.service.limits.check_size([text])
        return [_detected(guess) for guess in self.service.detect(text)] or [_detected(None)]

    def languages(self) -> list[dict[str, Any]]:
        routes = self.service.routes
        return [
            {"code": code, "name": name_of(code), "targets": routes.targets(code)}
            for code in routes.languages
        ]

    def frontend_settings(self) -> dict[str, Any]:
        settings, routes = self.service.settings, self.service.routes
        pairs = routes.pairs
        wish = preferred(request.get_header("Accept-Language", ""), {t for _, t in pairs})
        target = wish or (pairs[0][1] if pairs else "en")
        return {
            "apiKeys": settings.auth == "keys",
            "keyRequired": settings.auth == "keys",
            "charLimit": settings.character_limit,
            "batchLimit": settings.batch_limit,
            "frontendTimeout": 500,
            "suggestions": False,
            "filesTranslation": settings.files,
            "supportedFilesFormat": list(MEDIA_TYPES) if settings.files else [],
            "language": {
                "source": {"code": AUTO, "name": "Auto Detect"},
                "target": {"code": target, "name": name_of(target)},
            },
            "demonstrations": [
                {"source": source, "target": target}
                for source, target in pairs
                if routes.is_demonstration(source, target)
            ],
        }

    def language(self, code: object) -> str:
        """The deployed language (or `auto`) a caller means; 400 with LibreTranslate's sentence."""
        if not isinstance(code, str):
            raise bad_request("Invalid request: a language code must be a string")
        known = AUTO if code.lower() == AUTO else find_code(code, self.service.routes.languages)
        if known is None:
            raise bad_request(f"{code[:20]} is not supported")
        return known

    def _wanted(
        self, client: str, parameters: Parameters, texts: tuple[str, ...]
    ) -> TranslationRequest:
        source = self.language(_required(parameters, "source"))
        target = self.language(_required(parameters, "target"))
        if target == AUTO:
            raise bad_request(f"{AUTO} is not supported")
        return TranslationRequest(
            texts,
            source,
            target,
            terms=libretranslate_terms(
                self.service, client, parameters.first("glossary"), (source, target), texts
            ),
            format=_format(parameters),
            alternatives=self._alternatives(parameters),
            **identity(),
        )

    def _alternatives(self, parameters: Parameters) -> int:
        value = parameters.first("alternatives")
        if value in (None, -1, "-1"):
            return 0
        limit = self.service.settings.alternatives_limit
        if not _is_whole(value):
            raise bad_request("Invalid request: alternatives parameter is not a number")
        if len(str(value)) > 9 or int(float(value)) > limit:
            raise bad_request(f"Invalid request: alternatives parameter must be <= {limit}")
        return int(float(value))

    def _only_target(self, source: str, text: str) -> str:
        """Where nobody named a target: the one language the text can be translated into."""
        routes = self.service.routes
        if source == AUTO:
            guesses = self.service.detect(text)
            source = guesses[0].language if guesses else routes.sources[0]
        targets = [code for code in routes.targets(source) if code != source]
        if len(targets) != 1:
            raise bad_request("Invalid request: missing target parameter")
        return targets[0]

    def _read(self) -> Parameters:
        return read_parameters(request, self.service.settings)


def _required(parameters: Parameters, name: str) -> Any:
    value = parameters.first(name)
    if value is None or (value == "" and name != "q"):
        raise bad_request(f"Invalid request: missing {name} parameter")
    return value


def _texts(parameters: Parameters) -> tuple[Any, tuple[str, ...]]:
    """`q` as it came, and as texts; checks that source and target came with it."""
    q, *_ = [_required(parameters, name) for name in ("q", "source", "target")]
    items = q if isinstance(q, list) else [q]
    return q, tuple(check_text(item, "q") for item in items)


def _format(parameters: Parameters) -> str:
    value = parameters.first("format")
    if value not in (None, "", *TEXT_FORMATS):
        raise bad_request(f"{str(value)[:20]} format is not supported")
    return str(value or "text")


def _is_whole(value: object) -> bool:
    if isinstance(value, str):
        return value.isascii() and value.isdigit()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # To JSON, 2.0 is a whole number.
    return math.isfinite(value) and value >= 0 and value == int(value)


def _answer(outcome: Outcome, many: bool, warned: bool, parameters: Parameters) -> dict[str, Any]:
    answer: dict[str, Any] = {"translatedText": [t.text for t in outcome.translations]}
    if str(parameters.first("source")).lower() == AUTO:
        answer["detectedLanguage"] = [_detected(guess) for guess in outcome.guesses]
    if parameters.first("alternatives") not in (None, 0, "0", -1, "-1"):
        answer["alternatives"] = [t.others for t in outcome.translations]
    if any(translation.confidence is not None for translation in outcome.translations):
        answer["confidence"] = [translation.confidence for translation in outcome.translations]
    if parameters.first("glossary"):
        answer["terms"] = [_terms_of(translation) for translation in outcome.translations]
    if warned:
        answer["warnings"] = [list(translation.warnings) for translation in outcome.translations]
    return answer if many else {name: values[0] for name, values in answer.items()}


def _terms_of(translation: Translation) -> list[dict[str, str]]:
    return [term._asdict() for term in translation.terms]


def _detected(guess: Guess | None) -> dict[str, Any]:
    language, confidence = guess or Guess("en", 0.0)
    return {"confidence": confidence, "language": language}
