"""JSON answers, the errors among them."""

import json
from http import HTTPStatus
from typing import Any

import bottle

from serving.contract import media
from serving.errors import FAILED, BadRequest, MethodNotAllowed, NotFound, ServingError


def json_answer(value: Any, status: int = 200) -> bottle.HTTPResponse:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return bottle.HTTPResponse(body, status, {"Content-Type": media.JSON})


def error_answer(error: ServingError) -> bottle.HTTPResponse:
    response = json_answer({"error": {"code": error.code, "message": error.message}}, error.status)
    if error.retry_after is not None:
        response.set_header("Retry-After", str(error.retry_after))
    return response


def refuse(error: ServingError, start_response: Any) -> list[bytes]:
    """Answer ``error`` as a WSGI app does; returns the body."""
    answer = error_answer(error)
    start_response(answer.status_line, answer.headerlist)
    return [answer.body]


def error_body(error: ServingError) -> bytes:
    """For callbacks that return a body: sets status and headers of the current response."""
    answer = error_answer(error)
    bottle.response.status = answer.status
    for name, value in answer.headerlist:
        bottle.response.set_header(name, value)
    body: bytes = answer.body
    return body


def default_error(http_error: bottle.HTTPError) -> bytes:
    """Bottle's own refusals, in the contract's form."""
    path, method = bottle.request.path, bottle.request.method
    known: dict[int, ServingError] = {
        404: NotFound(f"There is no {path[:200]}. Translations are POST /invocations."),
        405: MethodNotAllowed(f"{method} is not allowed on {path[:200]}."),
    }
    return error_body(known.get(http_error.status_code) or _other(http_error.status_code))


def _other(status: int) -> ServingError:
    if status < 500:
        error: ServingError = BadRequest(HTTPStatus(status).phrase)
        error.status = status
        return error
    return ServingError(FAILED)
