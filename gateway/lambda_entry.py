"""The Lambda function: `gateway.lambda_entry.handler`, for HTTP API events (payload 2.0)."""

from __future__ import annotations

import base64
import functools
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from gateway import detection
from gateway.app import make_app
from gateway.lambda_log import set_up_logging
from gateway.sagemaker_backend import SageMakerBackend
from gateway.settings import Settings
from gateway.shared_counters import FailOpen, open_counters

FILE_LIMIT = 4_000_000  # bytes: an event may have 6 MB, with the file in base64
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
_IN_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME" in os.environ


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request; the app is kept while the instance lives."""
    return _make_handler()(_as_sent(event), context)


def _as_sent(event: dict[str, Any]) -> dict[str, Any]:
    """The event with the bytes that were sent in place of the characters of JSON.

    A WSGI environment has a character for each byte (PEP 3333). A lone surrogate becomes
    what is no UTF-8, which the app refuses in a sentence.
    """
    body = event.get("body") or ""
    if not (body.isascii() or event.get("isBase64Encoded")):
        encoded = base64.b64encode(body.encode("utf-8", "surrogatepass")).decode()
        event = {**event, "body": encoded, "isBase64Encoded": True}
    return {
        **event,
        "rawPath": _bytes_as_text(event["rawPath"]),
        "rawQueryString": _bytes_as_text(event["rawQueryString"]),
        "headers": {name: _bytes_as_text(value) for name, value in event["headers"].items()},
    }


def _bytes_as_text(value: str) -> str:
    return value.encode("utf-8", "surrogatepass").decode("latin-1")


@functools.cache
def _make_handler() -> Handler:
    from apig_wsgi import make_lambda_handler

    set_up_logging()
    settings = Settings.from_environment(os.environ)
    # Two requests share no memory here: without a bucket a file's link would lead nowhere.
    settings = replace(
        settings,
        files=settings.files and settings.in_bucket,
        file_limit=min(settings.file_limit, FILE_LIMIT),
    )
    backend = SageMakerBackend(settings.endpoints, demonstrations=settings.demonstrations)
    counters = open_counters(settings)
    if _IN_LAMBDA:
        backend.prepare(settings.hold_seconds)
        detection.prepare()
        if isinstance(counters, FailOpen):
            counters.prepare()
    made: Handler = make_lambda_handler(make_app(backend, settings, counters))
    return made


if _IN_LAMBDA:
    _make_handler()  # in the init phase, with a whole CPU, instead of within the first request
