"""Whole files: .txt, .srt and .html in, a short-lived link to the translated file out.

The link's name is a 256-bit random token, as good as a signature, and the file lies in this
process's memory until the link ends. Lambda shares no memory between two requests, so files
are off there.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from bottle import Bottle, HTTPResponse, request

from gateway import subtitles
from gateway.access import admit, identity, note_outcome
from gateway.address import public_address
from gateway.backend import TranslationRequest
from gateway.errors import GatewayError, bad_request
from gateway.multipart_form import Upload
from gateway.parameters import Parameters, read_parameters
from gateway.service import AUTO, Service
from gateway.text import check_text

TYPES = {
    ".txt": "text/plain; charset=utf-8",
    ".srt": "application/x-subrip; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".htm": "text/html; charset=utf-8",
}
LINK_SECONDS = 600
MAX_BYTES = 50_000_000  # all kept files together; the oldest go first
MAX_FILES = 1000


class FileShelf:
    """Files by their secret names, for a while."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._files: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._bytes = 0

    def put(self, content: bytes, suffix: str) -> str:
        name = secrets.token_urlsafe(32) + suffix
        with self._lock:
            self._files[name] = (self._clock() + LINK_SECONDS, content)
            self._bytes += len(content)
            self._tidy()
        return name

    def get(self, name: str) -> bytes | None:
        with self._lock:
            self._tidy()
            return self._files.get(name, (0.0, None))[1]

    def _tidy(self) -> None:
        """The first file is the oldest, and the first whose link ends."""
        while self._files and self._must_go(next(iter(self._files.values()))[0]):
            _, (_, content) = self._files.popitem(last=False)
            self._bytes -= len(content)

    def _must_go(self, end: float) -> bool:
        is_full = self._bytes > MAX_BYTES or len(self._files) > MAX_FILES
        return is_full or end <= self._clock()


@dataclass(frozen=True)
class FileRoutes:
    service: Service
    language: Callable[[object], str]  # what LibreTranslate makes of a code
    shelf: FileShelf = field(default_factory=FileShelf)

    def mount(self, app: Bottle) -> None:
        app.post("/translate_file", callback=self.translate_file)
        app.get("/download_file/<name>", callback=self.download_file)

    def translate_file(self) -> dict[str, str]:
        self._check_on()
        parameters = read_parameters(request, self.service.settings)
        client = admit(self.service, parameters)
        upload = _upload(parameters)
        suffix = PurePath(upload.filename).suffix.lower()
        if suffix not in TYPES:
            raise bad_request("Invalid request: file format not supported: use .txt, .srt, .html")
        content = check_text(_decode(upload.content), "file")
        translated = self._translate(client, content, suffix, self._wanted(parameters))
        name = self.shelf.put(translated.encode(), suffix)
        address = public_address(self.service.settings)
        return {"translatedFileUrl": f"{address}/download_file/{name}"}

    def download_file(self, name: str) -> HTTPResponse:
        self._check_on()
        content = self.shelf.get(name)
        if content is None:
            raise GatewayError(404, "file_not_found", "This link has expired: translate again.")
        suffix = PurePath(name).suffix
        headers = {
            "Content-Type": TYPES[suffix],
            "Content-Disposition": f'attachment; filename="translated{suffix}"',
        }
        return HTTPResponse(content, headers=headers)

    def _wanted(self, parameters: Parameters) -> TranslationRequest:
        source, target = (self.language(parameters.first(n) or "") for n in ("source", "target"))
        if target == AUTO:
            raise bad_request(f"{AUTO} is not supported")
        return TranslationRequest((), source, target, **identity())

    def _translate(self, client: str, content: str, suffix: str, wanted: TranslationRequest) -> str:
        def translate(texts: tuple[str, ...], how: TranslationRequest) -> list[str]:
            maximum = self.service.settings.character_limit  # a cue is a text, and small
            outcome = self.service.translate(client, replace(how, texts=texts), maximum)
            note_outcome(outcome)
            return [translation.text for translation in outcome.translations]

        if suffix == ".srt":
            return subtitles.translate(content, translate, wanted)
        how = replace(wanted, format="html" if TYPES[suffix].startswith("text/html") else "text")
        return translate((content,), how)[0]

    def _check_on(self) -> None:
        if not self.service.settings.files:
            raise GatewayError(403, "files_off", "File translation is off on this server.")


def _upload(parameters: Parameters) -> Upload:
    upload = parameters.files.get("file")
    if upload is None:
        raise bad_request("Invalid request: missing file parameter")
    return upload


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise bad_request("Invalid request: the file is not UTF-8 text") from None
