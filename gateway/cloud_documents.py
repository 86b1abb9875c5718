"""Documents in the cloud: `gateway.documents.Documents` in a bucket, with a queue for a worker.

This part, in the API's function, takes files in and gives them out; `gateway.document_worker` in
another function reads and translates them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from gateway.access import owner_of
from gateway.document_bucket import CloudDocument, DocumentBucket
from gateway.document_queue import DocumentQueue
from gateway.documents import (
    DAY,
    MAX_UNFINISHED,
    UNFINISHED,
    Order,
    Result,
    as_deepl,
    check_done,
    is_id,
    not_found,
    opened,
    seconds_left,
    too_many,
)
from gateway.errors import GatewayError
from gateway.s3_errors import RETRY_AFTER
from gateway.service import Service
from gateway.settings import Settings

THROUGH = 4_000_000  # bytes of an answer: a function's may have 6 MB, in base64
SILENT = 3600.0  # seconds without news of a worker: it must be dead, for it has 900
LOST = "The document could not be translated. Upload it again."
_PAUSE = 0.5  # seconds between two looks at a document


class CloudDocuments:
    def __init__(
        self,
        service: Service,
        bucket: DocumentBucket,
        queue: DocumentQueue,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._service = service
        self._bucket = bucket
        self._queue = queue
        self._clock = clock

    def add(self, client: str, content: bytes, order: Order) -> tuple[str, str]:
        owner = owner_of(self._service, client)
        if self._bucket.count_unfinished(owner, MAX_UNFINISHED) >= MAX_UNFINISHED:
            raise too_many(MAX_UNFINISHED)
        document, key = CloudDocument.begun(owner, order, self._clock())
        self._bucket.begin(owner, document.id)
        self._bucket.write_source(document.id, content)
        self._bucket.save(document)
        self._send(document)
        return document.id, key

    def status(self, client: str, id: str, key: str) -> dict[str, Any]:
        document = self._find(client, id, key)
        passed = self._clock() - document.began
        return as_deepl(document, seconds_left(passed, document.part))

    def take(self, client: str, id: str, key: str) -> Result:
        document = self._find(client, id, key)
        check_done(document)
        result = self.result(document)
        self._bucket.forget(id, and_result=not result.link)
        return result

    def result(self, document: CloudDocument) -> Result:
        """The translated file; a large one by a link: no function answers with more than 6 MB."""
        if self._bucket.result_size(document.id) > THROUGH:
            return Result(document.filename, link=self._bucket.link(document.id, document.filename))
        return Result(document.filename, self._bucket.read_result(document.id))

    def wait(self, id: str, key: str, seconds: float) -> CloudDocument:
        """The document once it has ended, or as it is after `seconds`."""
        until = time.monotonic() + seconds
        document = self.open(id, key)
        while document.status in UNFINISHED and time.monotonic() + _PAUSE < until:
            time.sleep(_PAUSE)
            document = self.open(id, key)
        return document

    def open(self, id: str, key: str) -> CloudDocument:
        """The document, for whoever has its key. Raises 404, also for one older than a day."""
        found = self._bucket.load(id) if is_id(id) else None
        document = opened(found[1] if found else None, key)
        if self._clock() - document.created >= DAY:
            raise not_found()
        # Without its sign: a clock may have been set back since.
        silent = abs(self._clock() - document.claimed)
        if document.status == "translating" and silent > SILENT:
            document.status, document.error = "error", LOST
            document.error_status, document.error_code = 500, "document_failed"
        return document

    def _find(self, client: str, id: str, key: str) -> CloudDocument:
        document = self.open(id, key)
        if document.client != owner_of(self._service, client):
            raise not_found()
        return document

    def _send(self, document: CloudDocument) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._queue.send(document.id)
        except (BotoCoreError, ClientError) as error:
            self._bucket.withdraw(document.client, document.id)
            message = "The documents cannot be taken in. Try again in a few seconds."
            raise GatewayError(503, "documents_unreachable", message, RETRY_AFTER) from error


def open_bucket(settings: Settings) -> DocumentBucket:
    return DocumentBucket(settings.documents.removeprefix("s3://").strip("/"))
