"""The WSGI app: dialects, page and documents over one backend."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from bottle import Bottle, HTTPError, HTTPResponse, request

from gateway.backend import Backend
from gateway.counters import Counters
from gateway.deepl import DeepLRoutes
from gateway.deepl_glossaries import GlossaryRoutes
from gateway.dialect import dialect_of, json_answer
from gateway.document_place import open_documents
from gateway.envelope import LOG, REQUEST_ID, Envelope, Seen, Wsgi
from gateway.errors import GatewayError, broken
from gateway.file_work import FileWork
from gateway.libretranslate import LibreTranslateRoutes
from gateway.pages import PageRoutes
from gateway.service import Service
from gateway.settings import Settings


def make_app(
    backend: Backend,
    settings: Settings,
    counters: Counters | None = None,
    see: Callable[[Seen], None] = lambda seen: None,
) -> Wsgi:
    """The public API over `backend`; `counters` may be shared with other processes, `see` hears
    of each translation request."""
    service = Service(backend, settings, counters)
    app = Bottle()
    app.install(_answer)
    app.default_error_handler = _unexpected
    documents, files = open_documents(service, FileWork(service))
    LibreTranslateRoutes(service, files).mount(app)
    DeepLRoutes(service, documents).mount(app)
    GlossaryRoutes(service).mount(app)
    PageRoutes(service).mount(app)
    return Envelope(app, settings.cors_origins, see, settings.metrics_namespace)


def _answer(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Documents become JSON, errors the dialect's own."""

    def answered(*args: Any, **kwargs: Any) -> Any:
        try:
            result = callback(*args, **kwargs)
        except GatewayError as error:
            return dialect_of(request.path).refusal(error)
        except HTTPResponse:
            raise
        except BaseException as error:  # an engine's panic is none of `Exception`
            _log_failure(error)
            return dialect_of(request.path).refusal(broken())
        return result if isinstance(result, HTTPResponse) else json_answer(result)

    return answered


def _log_failure(error: BaseException) -> None:
    """Log where an error happened and its type; its own words may quote a user's text."""
    frames = traceback.extract_tb(error.__traceback__)
    at = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    fields = {"request_id": request.environ.get(REQUEST_ID), "error": type(error).__name__}
    LOG.error("failed", extra={"fields": {**fields, "traceback": at}})


_SENTENCES = {
    404: "There is nothing at this address. See /docs.",
    405: "This address does not take that method. See /docs.",
}


def _unexpected(error: HTTPError) -> bytes:
    """The body of an error that Bottle itself answers: JSON, never HTML."""
    sentence = _SENTENCES.get(error.status_code, broken().message)
    known = json_answer(dialect_of(request.path).body(sentence))
    error.content_type = "application/json"
    body: bytes = known.body
    return body
