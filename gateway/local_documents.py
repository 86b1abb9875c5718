"""Documents of one process: `gateway.documents.Documents` in a folder and a few threads.

Documents are files, so that many of them take no memory. In a folder that a setting names they
outlive the process: it goes on with unfinished ones when it starts again.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from weakref import finalize

from gateway.backend import TranslationRequest
from gateway.documents import (
    DAY,
    MAX_UNFINISHED,
    UNFINISHED,
    Document,
    Order,
    Result,
    as_deepl,
    check_done,
    not_found,
    opened,
    seconds_left,
    too_many,
)
from gateway.errors import GatewayError, broken
from gateway.file_work import Translated

log = logging.getLogger("gateway.documents")
MAX_DOCUMENTS = 200
MAX_BYTES = 500_000_000  # of all documents, sources and translations
_AT_ONCE = 2
_TRIES = 2  # starts of the process with the same document
Tell = Callable[[float], None]
Work = Callable[[str, bytes, str, TranslationRequest, Tell, Sequence[str]], Translated]


class LocalDocuments:
    def __init__(self, work: Work, folder: str = "", clock: Callable[[], float] = time.time):
        self._work = work
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, Document] = {}
        self._began: dict[str, tuple[float, float]] = {}  # when, and which part is done
        self._named = folder
        self._made: Path | None = None
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="documents")
        if folder:
            self._load()

    def add(self, client: str, content: bytes, order: Order) -> tuple[str, str]:
        document, key = Document.begun(client, order, self._clock())
        with self._lock:
            self._tidy()
            self._check_room(client, len(content))
            self._path(document.id, ".in").write_bytes(content)
            self._save(document)
            self._known[document.id] = document
        self._pool.submit(self._run, document.id)
        return document.id, key

    def status(self, client: str, id: str, key: str) -> dict[str, Any]:
        with self._lock:
            return as_deepl(self._find(client, id, key), self._seconds_left(id))

    def take(self, client: str, id: str, key: str) -> Result:
        with self._lock:
            document = self._find(client, id, key)
            check_done(document)
            content = self._path(id, ".out").read_bytes()
            self._remove(id)
        return Result(document.filename, content)

    def _find(self, client: str, id: str, key: str) -> Document:
        self._tidy()
        document = opened(self._known.get(id), key)
        if document.client != client:
            raise not_found()
        return document

    def _run(self, id: str) -> None:
        with self._lock:
            document = self._known.get(id)
            if document is None:
                return
            self._change(document, status="translating", tries=document.tries + 1)
            self._began[id] = (time.monotonic(), 0.0)
        try:
            content = self._path(id, ".in").read_bytes()
            wanted = TranslationRequest((), document.source, document.target, request_id=id)
            done = self._work(
                document.client,
                content,
                document.suffix,
                wanted,
                lambda part: self._tell(id, part),
                document.glossaries,
            )
        except GatewayError as error:
            self._end(id, status="error", error=error.message)
        except BaseException as error:  # its words may quote a text
            log.error("failed", extra={"fields": {"document": id, "error": type(error).__name__}})
            self._end(id, status="error", error=broken().message)
        else:
            self._path(id, ".out").write_bytes(done.content)
            self._end(id, status="done", characters=done.characters)

    def _tell(self, id: str, part: float) -> None:
        with self._lock:
            if id in self._began:
                self._began[id] = (self._began[id][0], part)

    def _end(self, id: str, **changes: Any) -> None:
        with self._lock:
            self._began.pop(id, None)
            self._path(id, ".in").unlink(missing_ok=True)
            if (document := self._known.get(id)) is not None:
                self._change(document, **changes)
            else:  # a day went by meanwhile
                self._path(id, ".out").unlink(missing_ok=True)

    def _seconds_left(self, id: str) -> int:
        started, part = self._began.get(id, (0.0, 0.0))
        return seconds_left(time.monotonic() - started, part)

    def _change(self, document: Document, **changes: Any) -> None:
        changed = replace(document, **changes)
        self._known[document.id] = changed
        self._save(changed)

    def _save(self, document: Document) -> None:
        path = self._path(document.id, ".json")
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(asdict(document)), "utf-8")
        beside.replace(path)

    def _check_room(self, client: str, size: int) -> None:
        unfinished = sum(
            known.client == client and known.status in UNFINISHED for known in self._known.values()
        )
        if unfinished >= MAX_UNFINISHED:
            raise too_many(unfinished)
        held = sum(path.stat().st_size for path in self._folder.iterdir())
        if len(self._known) >= MAX_DOCUMENTS or held + 2 * size > MAX_BYTES:
            message = "There is no room for another document. Try again later."
            raise GatewayError(503, "documents_full", message)

    def _tidy(self) -> None:
        """Delete the documents that are a day old."""
        now = self._clock()
        for known in list(self._known.values()):
            if now - known.created >= DAY:
                self._remove(known.id)

    def _remove(self, id: str) -> None:
        self._known.pop(id, None)
        for suffix in (".json", ".in", ".out"):
            self._path(id, suffix).unlink(missing_ok=True)

    def _load(self) -> None:
        """Take over the documents that an earlier process left."""
        for path in sorted(self._folder.iterdir()):
            if path.suffix != ".json":
                continue
            document = Document.read(path.read_bytes(), path.stem)
            if document is not None:
                self._known[document.id] = document
        kept = {f"{id}{suffix}" for id in self._known for suffix in (".json", ".in", ".out")}
        for path in self._folder.iterdir():
            if path.name not in kept:
                path.unlink()
        self._tidy()
        for document in sorted(self._known.values(), key=lambda known: known.created):
            self._resume(document)

    def _resume(self, document: Document) -> None:
        if document.status not in UNFINISHED:
            return
        if document.tries >= _TRIES:
            error = "The server ended while it translated this document. Upload it again."
            self._change(document, status="error", error=error)
            return
        self._pool.submit(self._run, document.id)

    @property
    def _folder(self) -> Path:
        if self._made is None:
            if self._named:
                self._made = Path(self._named)
                self._made.mkdir(mode=0o700, parents=True, exist_ok=True)
            else:
                self._made = Path(tempfile.mkdtemp(prefix="documents-"))
                finalize(self, shutil.rmtree, self._made, ignore_errors=True)
        return self._made

    def _path(self, id: str, suffix: str) -> Path:
        return self._folder / f"{id}{suffix}"
