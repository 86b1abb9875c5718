"""A document translated in the cloud, in runs of a Lambda function of a quarter of an hour each.

Translated chunks are kept, so that a run goes on where the one before it ended. A queue may
deliver a message twice: the state in the bucket says which worker has the document.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from gateway.backend import TranslationRequest
from gateway.document_bucket import CloudDocument, DocumentBucket, KeptChunks
from gateway.document_queue import DocumentQueue
from gateway.documents import DAY, UNFINISHED
from gateway.envelope import LOG
from gateway.errors import BackendError, GatewayError, broken
from gateway.file_work import PASSING, FileWork
from gateway.service import Service

RUN = 900.0  # seconds, Lambda's maximum
MARGIN = 60.0  # seconds of a run left for the model's last answer, and for writing the result
MAX_RUNS = 6  # of one document
_SWITCH = 30  # seconds, until a new instance knows the new endpoint
_EVERY = 5.0  # seconds between two writes of the part that is done


class OutOfTimeError(Exception):
    """The run ends before the document does."""


class DocumentWorker:
    """Translates documents of a bucket, one at a time; `clock` gives seconds since the epoch."""

    def __init__(
        self,
        service: Service,
        bucket: DocumentBucket,
        queue: DocumentQueue,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._service = service
        self._work = FileWork(service)
        self._bucket = bucket
        self._queue = queue
        self._clock = clock

    def run(self, id: str, seconds: float, is_last: bool) -> None:
        """Translate what `seconds` are enough for, and send the document to another run.

        Raises an error that another try may mend; with `is_last` the document is failed first.
        """
        document = self._claim(id)
        if document is None:
            return
        until = time.monotonic() + seconds - MARGIN
        try:
            self._translate(document, until)
        except OutOfTimeError:
            self._leave(document)
        except GatewayError as error:
            if isinstance(error, BackendError) and error.status in PASSING:
                self._leave(document)
            elif error.code == "misconfigured":  # an endpoint that another has just replaced
                self._leave(document, delay=_SWITCH)
            elif error.status == 503:  # S3's, for one
                self._give_up(document, error, is_last)
                raise
            else:
                self._fail(document, error)
        except BaseException:
            self._give_up(document, broken(), is_last)
            raise

    def _claim(self, id: str) -> CloudDocument | None:
        """The document, now this worker's; None if it is done, too old, or another worker's."""
        found = self._bucket.load(id)
        if found is None:
            return None
        revision, document = found
        now = self._clock()
        # Without its sign: the clock of the worker before may have been ahead.
        is_taken = document.status == "translating" and abs(now - document.claimed) < RUN
        if document.status not in UNFINISHED or is_taken or now - document.created >= DAY:
            return None
        document.status, document.claimed = "translating", now
        document.began = document.began or now
        document.tries += 1
        return document if self._bucket.save(document, revision) else None

    def _translate(self, document: CloudDocument, until: float) -> None:
        content = self._bucket.read_source(document.id)
        if content is None or document.tries > MAX_RUNS:
            raise GatewayError(504, "timeout", "The document took too long. Send it in parts.")
        wanted = TranslationRequest((), document.source, document.target, request_id=document.id)
        file = self._work.read(content, document.suffix, wanted)
        self._charge(document, file.characters)
        kept = self._bucket.chunks(document.id)
        found = self._work.carry_out(
            file,
            document.client,
            document.glossaries,
            until,
            self._telling(document, until, kept),
            kept,
        )
        made = file.translated(found)
        self._bucket.write_result(document.id, made.content)
        self._end(
            document, status="done", source=made.source, texts=made.texts, warnings=made.warnings
        )

    def _charge(self, document: CloudDocument, characters: int) -> None:
        """Once, whoever goes on with it."""
        if document.charged_day is None:
            charge = self._service.limits.charge(document.client, characters)
            self._note(document, charged_day=charge.day, characters=characters)

    def _telling(
        self, document: CloudDocument, until: float, kept: KeptChunks
    ) -> Callable[[float], None]:
        noted = time.monotonic()

        def tell(part: float) -> None:
            nonlocal noted
            document.part = part
            if part < 1 and kept.added and time.monotonic() > until:
                raise OutOfTimeError
            if time.monotonic() - noted > _EVERY:
                noted = time.monotonic()
                self._note(document)

        return tell

    def _leave(self, document: CloudDocument, delay: int = 0) -> None:
        self._note(document, status="queued")
        self._queue.send(document.id, delay)

    def _give_up(self, document: CloudDocument, error: GatewayError, is_last: bool) -> None:
        if is_last:
            self._fail(document, error)
        else:
            self._note(document, status="queued")

    def _fail(self, document: CloudDocument, error: GatewayError) -> None:
        if document.charged_day is not None:
            limits = self._service.limits
            limits.charged(document.client, document.characters, document.charged_day)()
        self._end(
            document,
            status="error",
            error=error.message,
            error_status=error.status,
            error_code=error.code,
        )

    def _end(self, document: CloudDocument, **changes: Any) -> None:
        self._note(document, ended=self._clock(), **changes)
        self._bucket.end(document.client, document.id)
        fields = {
            "document": document.id,
            "status": document.status,
            "seconds": max(0.0, round(document.ended - document.began, 1)),
            "characters": document.characters,
            "runs": document.tries,
        }
        LOG.info("document", extra={"fields": fields})

    def _note(self, document: CloudDocument, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(document, name, value)
        self._bucket.save(document)
