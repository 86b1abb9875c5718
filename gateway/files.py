"""LibreTranslate's files: one in, a short-lived link to the translated one out.

The link's name has a 256-bit random token, as good as a signature. Without a cloud the file lies
in this process's memory until the link ends.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol
from urllib.parse import quote

from bottle import Bottle, HTTPResponse, request

from file_formats.names import ALSO, MEDIA_TYPES
from gateway.access import admit, identity
from gateway.address import public_address
from gateway.backend import TranslationRequest
from gateway.documents import Result
from gateway.envelope import NOTES, PAIRS, WARNINGS
from gateway.errors import GatewayError, bad_request
from gateway.file_work import FileWork, Translated, format_of, named_for
from gateway.multipart_form import Upload
from gateway.parameters import Parameters, read_parameters
from gateway.service import AUTO, Service

LINK_SECONDS = 600
MAX_BYTES = 50_000_000  # all kept files together; the oldest go first
MAX_FILES = 1000
FORM = 10_000  # bytes that a form adds to its file
_BYTES = "application/octet-stream"
_UNSAFE = re.compile(r"[^A-Za-z0-9._ -]")


class FileShelf:
    """Keeps files for a while, by secret names."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._files: OrderedDict[str, tuple[float, str, bytes]] = OrderedDict()
        self._bytes = 0

    def put(self, content: bytes, filename: str) -> str:
        """The link's name; `filename` is what the file is called when it is downloaded."""
        name = secrets.token_urlsafe(32) + PurePath(filename).suffix.lower()
        with self._lock:
            self._files[name] = (self._clock() + LINK_SECONDS, filename, content)
            self._bytes += len(content)
            self._tidy()
        return name

    def get(self, name: str) -> Result | None:
        """The file, while its link lives."""
        with self._lock:
            self._tidy()
            known = self._files.get(name)
            return Result(*known[1:]) if known else None

    def _tidy(self) -> None:
        """Drop files whose link has ended: the first is the oldest."""
        while self._files and self._must_go(next(iter(self._files.values()))[0]):
            _, (*_, content) = self._files.popitem(last=False)
            self._bytes -= len(content)

    def _must_go(self, end: float) -> bool:
        is_full = self._bytes > MAX_BYTES or len(self._files) > MAX_FILES
        return is_full or end <= self._clock()


class TranslatedFiles(Protocol):
    """Raises GatewayError."""

    def translate(
        self, client: str, upload: Upload, suffix: str, wanted: TranslationRequest
    ) -> str:
        """The name of the link to the translated file."""

    def get(self, name: str) -> Result | None:
        """The file that a link leads to, while it lives."""


class ShelvedFiles:
    """`TranslatedFiles` of this process: translated while the caller waits."""

    def __init__(self, work: FileWork) -> None:
        self._work = work
        self._shelf = FileShelf()

    def translate(
        self, client: str, upload: Upload, suffix: str, wanted: TranslationRequest
    ) -> str:
        translated = self._work.translate(client, upload.content, suffix, wanted)
        note_file(translated, wanted.target)
        return self._shelf.put(translated.content, named_for(upload.filename, wanted.target))

    def get(self, name: str) -> Result | None:
        return self._shelf.get(name)


@dataclass(frozen=True)
class FileRoutes:
    service: Service
    language: Callable[[object], str]  # what LibreTranslate makes of a code
    files: TranslatedFiles

    def mount(self, app: Bottle) -> None:
        app.post("/translate_file", callback=self.translate_file)
        app.get("/download_file/<name>", callback=self.download_file)

    def translate_file(self) -> dict[str, str]:
        check_on(self.service)
        parameters = read_upload(self.service)
        client = admit(self.service, parameters)
        upload = uploaded(parameters, "Invalid request: missing file parameter")
        check_size(self.service, upload.content)
        suffix = format_of(upload.filename, "Invalid request: file format not supported")
        wanted = self._wanted(parameters)
        name = self.files.translate(client, upload, suffix, wanted)
        address = public_address(self.service.settings)
        return {"translatedFileUrl": f"{address}/download_file/{name}"}

    def download_file(self, name: str) -> HTTPResponse:
        check_on(self.service)
        known = self.files.get(name)
        if known is None:
            raise GatewayError(
                404, "file_not_found", "This link has expired. Translate the file again."
            )
        return download(known)

    def _wanted(self, parameters: Parameters) -> TranslationRequest:
        source, target = (self.language(parameters.first(n) or "") for n in ("source", "target"))
        if target == AUTO:
            raise bad_request(f"{AUTO} is not supported")
        return TranslationRequest((), source, target, **identity())


def check_on(service: Service) -> None:
    if not service.settings.files:
        raise GatewayError(403, "files_off", "File translation is off on this server.")


def read_upload(service: Service) -> Parameters:
    """A form with a file, which may be larger than other bodies."""
    settings = service.settings
    limit = max(settings.body_limit, settings.file_limit + FORM)
    return read_parameters(request, settings, limit)


def uploaded(parameters: Parameters, missing: str) -> Upload:
    upload = parameters.files.get("file")
    if upload is None:
        raise bad_request(missing)
    name = parameters.first("filename")
    return Upload(name, upload.content) if isinstance(name, str) and name else upload


def check_size(service: Service, content: bytes) -> None:
    limit = service.settings.file_limit
    if len(content) > limit:
        message = (
            f"Invalid request: the file ({len(content)} bytes) exceeds the limit ({limit} bytes)"
        )
        raise GatewayError(413, "body_too_large", message)


def note_file(translated: Translated, target: str) -> None:
    """Adds to the request's log line and to the answer's warnings."""
    request.environ.setdefault(WARNINGS, {}).update(dict.fromkeys(translated.warnings))
    request.environ[NOTES].update(
        texts=translated.texts,
        characters=translated.characters,
        legs=[[f"{translated.source}-{target}"]],
    )
    if translated.source != target:
        request.environ.setdefault(PAIRS, set()).add(f"{translated.source}_{target}")


def download(result: Result) -> HTTPResponse:
    """The answer with a file, under its own name (RFC 6266), whatever letters that has."""
    if result.link:
        return HTTPResponse(status=303, headers={"Location": result.link})
    kind = media_type(result.filename)
    headers = {
        "Content-Type": kind if _is_utf8(result.content) or _is_package(kind) else _BYTES,
        "Content-Disposition": disposition(result.filename),
    }
    return HTTPResponse(result.content, headers=headers)


def media_type(filename: str) -> str:
    suffix = PurePath(filename).suffix.lower()
    return MEDIA_TYPES[ALSO.get(suffix, suffix)]


def _is_package(kind: str) -> bool:
    """Whether a file is an Office file or a book, of which no charset is told."""
    return kind.startswith("application/vnd.") or kind.endswith("+zip")


def _is_utf8(content: bytes) -> bool:
    """Whether the content is UTF-8, as the answer says of text; Lambda sends it as text then."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def disposition(filename: str) -> str:
    plain = _UNSAFE.sub("_", filename.encode("ascii", "replace").decode())
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
