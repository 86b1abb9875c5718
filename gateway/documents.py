"""DeepL's documents: uploaded, translated in the background, fetched once, gone after a day."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol, Self, TypeVar

from gateway.backend import TranslationRequest
from gateway.errors import GatewayError

DAY = 86_400
MAX_UNFINISHED = 20  # of one key
UNFINISHED = ("queued", "translating")
_ENDED = ("done", "error")
_ID = re.compile(r"[0-9a-f]{32}")
_KINDS: dict[str, type | tuple[type, ...]] = {  # of a document's fields, as JSON has them
    "str": str,
    "int": int,
    "int | None": (int, type(None)),
    "float": (int, float),
    "tuple[str, ...]": list,
}


@dataclass(frozen=True)
class Order:
    """What a client wants of a file: its translation's name and format, and how it is made."""

    filename: str
    suffix: str
    wanted: TranslationRequest
    glossaries: Sequence[str] = ()


@dataclass
class Document:
    """All that is known of a document but its content."""

    id: str
    key: str  # its SHA-256
    client: str
    filename: str
    suffix: str
    source: str
    target: str
    created: float  # seconds since the epoch
    status: str = "queued"  # queued | translating | done | error
    characters: int = 0
    error: str = ""
    tries: int = 0
    glossaries: tuple[str, ...] = ()

    @classmethod
    def begun(cls, client: str, order: Order, created: float) -> tuple[Self, str]:
        """A new document, and the key that opens it."""
        key = secrets.token_hex(32)
        document = cls(
            secrets.token_hex(16), digest_of(key), client, order.filename, order.suffix,
            order.wanted.source, order.wanted.target, created, glossaries=tuple(order.glossaries),
        )  # fmt: skip
        return document, key

    @classmethod
    def read(cls, content: bytes, id: str) -> Self | None:
        """The document `id` from its JSON; None if it is another's, or not ours at all."""
        try:
            document = cls(**json.loads(content))
        except (ValueError, TypeError, RecursionError):
            return None
        fits = all(
            isinstance(getattr(document, each.name), _KINDS[str(each.type)]) for each in fields(cls)
        )
        is_known = fits and document.status in (*UNFINISHED, *_ENDED)
        return document if is_known and document.id == id else None


D = TypeVar("D", bound=Document)


@dataclass(frozen=True)
class Result:
    """A translated file's name, and its content, or a short-lived link to a large file."""

    filename: str
    content: bytes = b""
    link: str = ""


class Documents(Protocol):
    """The documents of all clients. Raises GatewayError; another client's document is a 404."""

    def add(self, client: str, content: bytes, order: Order) -> tuple[str, str]:
        """Id and key of a new document. Raises 429 if the client has too many, 503 if all have."""

    def status(self, client: str, id: str, key: str) -> dict[str, Any]:
        """DeepL's answer on how far the document is."""

    def take(self, client: str, id: str, key: str) -> Result:
        """The translated file, which is then deleted. Raises 503 while it is not done."""


def is_id(value: object) -> bool:
    """Whether a document may have it as its id, which becomes a part of file names and keys."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def opened(document: D | None, key: str) -> D:
    """The document, if `key` is its key; else raises 404, after as long as for a wrong key."""
    digest = document.key if document else digest_of("")
    same = hmac.compare_digest(digest, digest_of(key))
    if document is None or not same:
        raise not_found()
    return document


def not_found() -> GatewayError:
    return GatewayError(404, "document_not_found", "Document not found")


def not_ready(retry_after: int | None = None) -> GatewayError:
    message = "Document translation is not done"
    return GatewayError(503, "document_not_ready", message, retry_after)


def check_done(document: Document) -> None:
    """Raises GatewayError 503 for an unfinished document, 404 for one that failed."""
    if document.status in UNFINISHED:
        raise not_ready()
    if document.status == "error":
        raise GatewayError(404, "document_failed", document.error)


def too_many(unfinished: int) -> GatewayError:
    message = f"Slowdown: {unfinished} documents are being translated."
    return GatewayError(429, "too_many_documents", message)


def as_deepl(document: Document, seconds_left: int) -> dict[str, Any]:
    """DeepL's answer on how far the document is."""
    answer: dict[str, Any] = {"document_id": document.id, "status": document.status}
    if document.status == "translating":
        answer["seconds_remaining"] = seconds_left
    if document.status == "done":
        answer["billed_characters"] = document.characters
    if document.error:
        answer |= {"error_message": document.error, "message": document.error}
    return answer


def seconds_left(passed: float, part: float) -> int:
    """An estimate by the part, from 0 to 1, that was done in `passed` seconds; at most an hour."""
    return max(1, min(3600, round(passed * (1 - part) / part))) if part else 60
