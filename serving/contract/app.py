"""The container's HTTP contract as a WSGI app."""

import logging
import time
from typing import Any

import bottle

from handlers import Translation
from serving.contract import media
from serving.contract.answers import default_error, error_answer, json_answer
from serving.contract.attributes import (
    HEADER,
    MAX_LENGTH,
    parse_attributes,
    request_id,
    trace_of,
)
from serving.contract.body import read_json, read_text
from serving.contract.log import log_request
from serving.errors import FAILED, BadRequest, NotAcceptable, ServingError, TooLarge
from serving.metrics import CONTENT_TYPE
from serving.request import Answer, Request
from serving.service.admission import Admission
from serving.settings import Settings

_ATTRIBUTES = "HTTP_" + HEADER.upper().replace("-", "_")

DIALECT = "container"
"""The interface, among those of requests that are counted; the gateway names its own."""

log = logging.getLogger(__name__)


class Contract:
    """`POST /invocations` and its kin over one translator."""

    def __init__(self, translator: Admission, settings: Settings) -> None:
        self._translator = translator
        self._settings = settings

    def models(self) -> bottle.HTTPResponse:
        """The models, and the limits of a request: whoever has more to send can part it."""
        settings = self._settings
        limits = {
            "characters": settings.max_characters,
            "tokens": settings.max_tokens,
            "texts": settings.max_texts,
        }
        described = [model.describe() for model in self._translator.models]
        return json_answer({"models": described, "limits": limits})

    def execution_parameters(self) -> bottle.HTTPResponse:
        """What SageMaker's batch transform asks before a job."""
        return json_answer(self._settings.execution_parameters())

    def invocations(self) -> bottle.HTTPResponse:
        started = time.perf_counter()
        # The header as it came: Bottle would fail on one that is not UTF-8.
        attributes = parse_attributes(bottle.request.environ.get(_ATTRIBUTES, ""))
        identity = request_id(attributes)
        traceparent = trace_of(attributes, bottle.request.environ)
        answer: Answer | None = None
        try:
            _check_headers(bottle.request.environ)
            with self._translator.place(_size(bottle.request.environ)):
                request, wanted = self._read(attributes)
                answer = self._translator.translate(request)
                # From here on `bottle.request` may be another client's: a short request has
                # waited in the loop's thread, and Bottle keeps one request a thread.
                response = _answer(answer, wanted)
        except ServingError as error:
            response = error_answer(error)
        except BaseException:
            # The text must not reach the log; a traceback holds code, not values.
            log.exception("request %s failed", identity)
            response = error_answer(ServingError(FAILED))
        response.set_header(HEADER, f"request_id={identity}")
        seconds = time.perf_counter() - started
        log_request(
            *(identity, response.status_code, answer, seconds, traceparent),
            namespace=self._settings.metrics_namespace,
        )
        self._count(response.status_code, answer, seconds)
        return response

    def metrics(self) -> bottle.HTTPResponse:
        """The metrics in Prometheus' text format."""
        text = self._translator.metrics.text()
        return bottle.HTTPResponse(text.encode(), 200, {"Content-Type": CONTENT_TYPE})

    def _count(self, status: int, answer: Answer | None, seconds: float) -> None:
        pair, characters = (answer.pair, answer.characters) if answer else ("none", None)
        self._translator.metrics.count_request(pair, DIALECT, status, seconds, characters)

    def _read(self, attributes: dict[str, str]) -> tuple[Request, str]:
        header = bottle.request.get_header
        kind = media.content_type(header("Content-Type") or media.TEXT)
        wanted = media.accepted(header("Accept") or "", kind)
        read = read_text if kind == media.TEXT else read_json
        request = read(self._body(), attributes, self._settings)
        if wanted == media.TEXT and len(request.texts) != 1:
            raise NotAcceptable(
                f"{len(request.texts)} texts cannot be answered as {media.TEXT}. "
                f"Accept {media.JSON}."
            )
        return request, wanted

    def _body(self) -> bytes:
        limit = self._settings.max_body
        body: bytes = bottle.request.environ["wsgi.input"].read(limit + 1)
        if len(body) > limit:
            raise TooLarge(f"The body is larger than {limit} bytes. Send it in parts.")
        return body


def make_app(translator: Admission, settings: Settings) -> bottle.Bottle:
    """The contract's WSGI app; `serving.contract.front` adds the probes. Errors are JSON."""
    contract = Contract(translator, settings)
    app = bottle.Bottle()
    app.catchall = False  # Bottle's own answer would be HTML
    app.get("/models", callback=contract.models)
    app.get("/metrics", callback=contract.metrics)
    app.get("/execution-parameters", callback=contract.execution_parameters)
    app.post("/invocations", callback=contract.invocations)
    app.default_error_handler = default_error
    return app


def _size(environ: dict[str, Any]) -> int:
    """Bytes of the body: the server has checked the length, or counted a chunked body."""
    return int(environ.get("CONTENT_LENGTH") or 0)


def _check_headers(environ: dict[str, Any]) -> None:
    for name in (_ATTRIBUTES, "CONTENT_TYPE", "HTTP_ACCEPT"):
        if not environ.get(name, "").isascii():
            raise BadRequest(f"{_shown(name)} is not ASCII. Send nothing else in it.")
    if (length := len(environ.get(_ATTRIBUTES, ""))) > MAX_LENGTH:
        raise BadRequest(f"{HEADER} has {length} characters; the limit is {MAX_LENGTH}.")


def _shown(name: str) -> str:
    return HEADER if name == _ATTRIBUTES else name.removeprefix("HTTP_").replace("_", "-").title()


def _document(translation: Translation) -> dict[str, Any]:
    document: dict[str, Any] = {
        "text": translation.text,
        "alternatives": list(translation.alternatives),
        "score": translation.score,
        "warnings": list(translation.warnings),
        "confidence": translation.confidence,
    }
    if translation.terms:
        document["terms"] = [term._asdict() for term in translation.terms]
    return document


def _answer(answer: Answer, wanted: str) -> bottle.HTTPResponse:
    if wanted == media.TEXT:
        headers = {"Content-Type": f"{media.TEXT}; charset=utf-8"}
        return bottle.HTTPResponse(answer.translations[0].text.encode(), 200, headers)
    return json_answer(
        {
            "translations": [_document(translation) for translation in answer.translations],
            "model": {"name": answer.name, "version": answer.version},
        }
    )
