"""Where files are translated: in this process, or by a worker in the cloud."""

from __future__ import annotations

from gateway.documents import Documents
from gateway.file_work import FileWork
from gateway.files import ShelvedFiles, TranslatedFiles
from gateway.local_documents import LocalDocuments
from gateway.service import Service


def open_documents(service: Service, work: FileWork) -> tuple[Documents, TranslatedFiles]:
    """What translates DeepL's documents, and what translates LibreTranslate's files."""
    settings = service.settings
    if settings.in_bucket:
        from gateway.cloud_documents import CloudDocuments, open_bucket  # not at the top:
        from gateway.document_queue import DocumentQueue  # no other place needs them
        from gateway.queued_files import QueuedFiles

        bucket, queue = open_bucket(settings), DocumentQueue(settings.documents_queue)
        # Now, while Lambda gives a whole CPU, instead of within the first upload.
        bucket.prepare()
        queue.prepare()
        documents = CloudDocuments(service, bucket, queue)
        return documents, QueuedFiles(documents)
    return LocalDocuments(work.translate, settings.documents), ShelvedFiles(work)
