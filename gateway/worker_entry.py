"""The Lambda function that translates documents: `gateway.worker_entry.handler`, for SQS events."""

from __future__ import annotations

import functools
import json
import os
from typing import Any

from gateway.cloud_documents import open_bucket
from gateway.document_queue import DocumentQueue
from gateway.document_worker import RUN, DocumentWorker
from gateway.documents import is_id
from gateway.envelope import LOG
from gateway.lambda_log import set_up_logging
from gateway.sagemaker_backend import SageMakerBackend
from gateway.service import Service
from gateway.settings import Settings
from gateway.shared_counters import open_counters

TRIES = 3  # of a message, which then goes to the dead-letter queue: infra/documents.py
AGAIN = 10  # seconds until another try


def handler(event: dict[str, Any], context: Any) -> None:
    """Translate the document of an SQS event; raises RuntimeError to get the message once more."""
    worker = _make_worker()
    for record in event["Records"]:
        id = _id_of(record["body"])
        if id is None:  # nor would it be ours the next time
            fields = {"message": "a message names no document", "id": record.get("messageId")}
            LOG.error("a message names no document", extra={"fields": fields})
            continue
        tries = int(record["attributes"]["ApproximateReceiveCount"])
        seconds = context.get_remaining_time_in_millis() / 1000 if context else RUN
        try:
            worker.run(id, seconds, tries >= TRIES)
        except BaseException as error:  # whose words may quote a text
            fields = {"message": "a document failed", "error": type(error).__name__, "try": tries}
            LOG.error("a document failed", extra={"fields": fields})
            _queue().ask_again(record["receiptHandle"], AGAIN)
            raise RuntimeError("A document failed.") from None


def _id_of(body: str) -> str | None:
    """The document that a message is about; None for one that is not ours."""
    try:
        id = json.loads(body)["id"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    return id if is_id(id) else None


@functools.cache
def _settings() -> Settings:
    return Settings.from_environment(os.environ)


@functools.cache
def _queue() -> DocumentQueue:
    return DocumentQueue(_settings().documents_queue)


@functools.cache
def _make_worker() -> DocumentWorker:
    set_up_logging()
    settings = _settings()
    backend = SageMakerBackend(settings.endpoints, demonstrations=settings.demonstrations)
    service = Service(backend, settings, open_counters(settings))
    return DocumentWorker(service, open_bucket(settings), _queue())
