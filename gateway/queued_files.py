"""LibreTranslate's files in the cloud: a worker translates them while the caller waits.

A caller for whom it takes longer than a request may last gets the link all the same: until the
file is done, the link answers 503 with `Retry-After`.
"""

from __future__ import annotations

import re
import time

from gateway.backend import TranslationRequest
from gateway.cloud_documents import CloudDocuments
from gateway.documents import UNFINISHED, Order, Result, not_ready
from gateway.errors import GatewayError
from gateway.file_work import Translated, named_for
from gateway.files import LINK_SECONDS, note_file
from gateway.multipart_form import Upload

WAIT = 20.0  # seconds, of the 28 that a function has
RETRY_AFTER = 5  # seconds
_NAME = re.compile(r"([0-9a-f]{32})([0-9a-f]{64})\.[a-z]+")


class QueuedFiles:
    """`gateway.files.TranslatedFiles`, made of documents; a link's name is their id and key."""

    def __init__(self, documents: CloudDocuments) -> None:
        self._documents = documents

    def translate(
        self, client: str, upload: Upload, suffix: str, wanted: TranslationRequest
    ) -> str:
        order = Order(named_for(upload.filename, wanted.target), suffix, wanted)
        id, key = self._documents.add(client, upload.content, order)
        document = self._documents.wait(id, key, WAIT)
        if document.failure:
            raise document.failure
        if document.status not in UNFINISHED:
            texts, warnings = document.texts, tuple(document.warnings)
            made = Translated(b"", document.source, document.characters, texts, warnings)
            note_file(made, wanted.target)
        return f"{id}{key}{suffix}"

    def get(self, name: str) -> Result | None:
        parts = _NAME.fullmatch(name)
        if parts is None:
            return None
        try:
            document = self._documents.wait(parts[1], parts[2], WAIT)
        except GatewayError as error:
            if error.status == 404:
                return None
            raise
        if document.failure:
            raise document.failure
        if document.status in UNFINISHED:
            raise not_ready(RETRY_AFTER)
        if time.time() - document.ended > LINK_SECONDS:
            return None
        return self._documents.result(document)
