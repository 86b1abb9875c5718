"""The container's HTTP contract as a WSGI app."""

import json
import logging
import time
from http import HTTPStatus
from typing import Any

import bottle

from serving import media
from serving.attributes import HEADER, parse_attributes, request_id
from serving.body import read_json, read_text
from serving.errors import (
    BadRequest,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    ServingError,
    TooLarge,
)
from serving.log import log_request
from serving.request import Answer, Request
from serving.settings import Settings
from serving.translator import Translator

log = logging.getLogger(__name__)


class Contract:
    """`GET /ping`, `POST /invocations` and their kin over one translator."""

    def __init__(self, translator: Translator, settings: Settings) -> None:
        self._translator = translator
        self._settings = settings

    def ping(self) -> str:
        return ""

    def models(self) -> bottle.HTTPResponse:
        return _json({"models": [model.describe() for model in self._translator.models]})

    def execution_parameters(self) -> bottle.HTTPResponse:
        """What SageMaker's batch transform asks before a job."""
        return _json(self._settings.execution_parameters())

    def invocations(self) -> bottle.HTTPResponse:
        started = time.perf_counter()
        attributes = parse_attributes(bottle.request.get_header(HEADER, ""))
        identity = request_id(attributes)
        answer: Answer | None = None
        try:
            request, wanted = self._read(attributes)
            answer = self._translator.translate(request)
            response = _answer(answer, wanted)
        except ServingError as error:
            response = _error(error)
        except Exception:
            # The text must not reach the log; a traceback holds code, not values.
            log.exception("request %s failed", identity)
            response = _error(ServingError("The server failed. Try again; its log says more."))
        response.set_header(HEADER, f"request_id={identity}")
        log_request(identity, response.status_code, answer, time.perf_counter() - started)
        return response

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


def make_app(translator: Translator, settings: Settings) -> bottle.Bottle:
    """The contract's WSGI app. Every answer but a translation is JSON."""
    contract = Contract(translator, settings)
    app = bottle.Bottle(catchall=True)
    app.get("/ping", callback=contract.ping)
    app.get("/livez", callback=contract.ping)
    app.get("/models", callback=contract.models)
    app.get("/execution-parameters", callback=contract.execution_parameters)
    app.post("/invocations", callback=contract.invocations)
    app.default_error_handler = _default_error
    return app


def _answer(answer: Answer, wanted: str) -> bottle.HTTPResponse:
    if wanted == media.TEXT:
        headers = {"Content-Type": f"{media.TEXT}; charset=utf-8"}
        return bottle.HTTPResponse(answer.translations[0].text.encode(), 200, headers)
    return _json(
        {
            "translations": [
                {
                    "text": translation.text,
                    "alternatives": list(translation.alternatives),
                    "score": translation.score,
                    "warnings": list(translation.warnings),
                }
                for translation in answer.translations
            ],
            "model": {"name": answer.name, "version": answer.version},
        }
    )


def _json(value: Any, status: int = 200) -> bottle.HTTPResponse:
    body = json.dumps(value, ensure_ascii=False).encode()
    return bottle.HTTPResponse(body, status, {"Content-Type": media.JSON})


def _error(error: ServingError) -> bottle.HTTPResponse:
    response = _json({"error": {"code": error.code, "message": error.message}}, error.status)
    if error.retry_after is not None:
        response.set_header("Retry-After", str(error.retry_after))
    return response


def _default_error(http_error: bottle.HTTPError) -> bytes:
    """Bottle's own refusals, in the contract's form."""
    path, method = bottle.request.path, bottle.request.method
    known: dict[int, ServingError] = {
        404: NotFound(f"There is no {path[:200]}. Translations are POST /invocations."),
        405: MethodNotAllowed(f"{method} is not allowed on {path[:200]}."),
    }
    error = known.get(http_error.status_code) or _other(http_error.status_code)
    response = _error(error)
    bottle.response.status = response.status
    bottle.response.content_type = media.JSON
    body: bytes = response.body
    return body


def _other(status: int) -> ServingError:
    if status < 500:
        error: ServingError = BadRequest(HTTPStatus(status).phrase)
        error.status = status
        return error
    return ServingError("The server failed. Try again; its log says more.")
