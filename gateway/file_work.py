"""A file from its bytes to the translated ones: chunk by chunk, within the caller's quota."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Protocol

from file_formats.chunks import chunks
from file_formats.errors import FormatError
from file_formats.names import suffix_of
from gateway.backend import Translation, TranslationRequest
from gateway.detection import pick
from gateway.errors import BackendError, GatewayError, bad_request
from gateway.glossary_choice import terms_of
from gateway.service import AUTO, Service
from gateway.text import billed_characters, without_tags
from gateway.warmth import busy

if TYPE_CHECKING:
    from file_formats.document import Document

_AT_ONCE = 2  # files whose content is in memory
_SAMPLE = 2000  # characters by which a file's language is detected
_PAUSE = 5.0  # seconds, at most, until a busy backend is asked again
PASSING = (429, 503, 504)  # statuses of a backend that may answer later
Tell = Callable[[float], None]
"""A callback that gets the part of the file that is done, from 0 to 1."""


@dataclass(frozen=True)
class Translated:
    content: bytes
    source: str
    characters: int
    texts: int
    warnings: tuple[str, ...] = ()
    """Each once."""


class Kept(Protocol):
    """Translated chunks of a file that an earlier try has left, and that a later one takes up."""

    def get(self, number: int, request: TranslationRequest) -> list[Translation] | None: ...

    def put(self, number: int, request: TranslationRequest, found: list[Translation]) -> None: ...


class NothingKept:
    def get(self, number: int, request: TranslationRequest) -> None:
        return None

    def put(self, number: int, request: TranslationRequest, found: list[Translation]) -> None:
        pass


@dataclass(frozen=True)
class SourceFile:
    """A file that was read; ``wanted.source`` is its language, detected if need be."""

    document: Document
    wanted: TranslationRequest
    characters: int

    def translated(self, found: Sequence[Translation]) -> Translated:
        content = self.document.write([translation.text for translation in found])
        warnings = tuple(dict.fromkeys(w for translation in found for w in translation.warnings))
        return Translated(content, self.wanted.source, self.characters, len(found), warnings)


class FileWork:
    """Translates the files of all callers, `_AT_ONCE` at a time; the others wait."""

    def __init__(self, service: Service):
        self._service = service
        self._places = threading.BoundedSemaphore(_AT_ONCE)

    def translate(
        self,
        client: str,
        content: bytes,
        suffix: str,
        wanted: TranslationRequest,
        tell: Tell = lambda _: None,
        glossaries: Sequence[str] = (),
    ) -> Translated:
        """Translate a file; a busy backend is asked for `file_seconds`. Raises GatewayError."""
        until = time.monotonic() + self._service.settings.file_seconds
        with self._place(until):
            file = self.read(content, suffix, wanted)
            give_back = self._service.limits.charge(client, file.characters)
            try:
                return file.translated(self.carry_out(file, client, glossaries, until, tell))
            except BaseException:
                give_back()
                raise

    def read(self, content: bytes, suffix: str, wanted: TranslationRequest) -> SourceFile:
        """Raises GatewayError for what cannot be read, or has too many characters."""
        document = _read(content, suffix, wanted.target)
        characters = self._characters(document)
        wanted = replace(wanted, source=self._source(document, wanted))
        return SourceFile(document, wanted, characters)

    def carry_out(
        self,
        file: SourceFile,
        client: str,
        glossaries: Sequence[str],
        until: float,
        tell: Tell,
        kept: Kept | None = None,
    ) -> list[Translation]:
        """One translation per piece, charged to nobody; a busy backend is asked until `until`."""
        kept = kept or NothingKept()
        way = file.wanted.source, file.wanted.target
        pieces = file.document.pieces
        found = [Translation("")] * len(pieces)
        done = 0
        for number, chunk in enumerate(chunks(pieces)):
            terms = terms_of(self._service, client, glossaries, way, chunk.texts)
            request = replace(file.wanted, texts=chunk.texts, format=chunk.format, terms=terms)
            translations = kept.get(number, request)
            if translations is None:
                translations = self._ask(request, until)
                kept.put(number, request, translations)
            for place, own in zip(chunk.places, translations, strict=True):
                found[place] = own
            done += len(chunk.texts)
            tell(done / len(found))
        return found

    @contextmanager
    def _place(self, until: float) -> Iterator[None]:
        if not self._places.acquire(timeout=max(0.0, until - time.monotonic())):
            raise busy()
        try:
            yield
        finally:
            self._places.release()

    def _characters(self, document: Document) -> int:
        """Raises 413 for more than a file may have."""
        pieces = document.pieces
        total = sum(billed_characters(piece.text, piece.format != "text") for piece in pieces)
        limit = self._service.settings.file_characters
        if total > limit:
            message = f"Invalid request: the file has {total} characters, more than {limit}"
            raise GatewayError(413, "text_too_long", message)
        return total

    def _source(self, document: Document, wanted: TranslationRequest) -> str:
        """One language for all of a file: its cells and cues are too short for one each."""
        if wanted.source != AUTO:
            return wanted.source
        sample: list[str] = []
        size = 0
        for piece in document.pieces:
            sample.append(without_tags(piece.text) if piece.format != "text" else piece.text)
            size += len(piece.text)
            if size > _SAMPLE:
                break
        guess = pick(self._service.detect("\n".join(sample)[:_SAMPLE]), wanted.target)
        return guess.language if guess else wanted.target

    def _ask(self, request: TranslationRequest, until: float) -> list[Translation]:
        while True:
            try:
                return self._service.translate_unbilled(request)
            except BackendError as error:
                pause = min(error.retry_after or 1, _PAUSE)
                is_over = error.status not in PASSING or error.code == "stopping"
                if is_over or time.monotonic() + pause > until:
                    raise
            time.sleep(pause)


def format_of(filename: str, refusal: str) -> str:
    """Raises 400, in a dialect's words and with the reason, for a format that is not translated."""
    try:
        return suffix_of(filename)
    except FormatError as error:
        raise bad_request(f"{refusal}: {error}") from None


def _read(content: bytes, suffix: str, target: str) -> Document:
    from file_formats.document import read_document  # all readers: not in each cold start

    try:
        return read_document(content, suffix, target)
    except FormatError as error:
        raise bad_request(f"Invalid request: {error}") from None


def named_for(filename: str, target: str) -> str:
    """``letter.docx`` in German: ``letter_de.docx``."""
    path = PurePath(filename.replace("\\", "/"))
    return f"{path.stem}_{target}{path.suffix}"
