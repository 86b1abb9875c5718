"""Documents in a bucket of their own, whose lifecycle deletes every object after a day.

`state/ID.json` describes a document, `in/ID` is its file, `out/ID` the translated file,
`chunks/ID/NUMBER.json` a translated part of it, and `unfinished/OWNER/ID`, an empty object, counts
it among the owner's unfinished documents.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from gateway.aws_client import make_client
from gateway.backend import Translation, TranslationRequest
from gateway.documents import Document
from gateway.errors import GatewayError
from gateway.files import LINK_SECONDS, disposition, media_type
from gateway.s3_errors import CHANGED, MISSING, code_of, reached, unreachable

_TIMEOUT = 10  # seconds to connect, and to read
_AT_ONCE = 16  # objects
_THINGS = "documents"
_PAGE = 1000  # keys that S3 deletes in one request


@dataclass
class CloudDocument(Document):
    """A document as `state/ID.json` holds it; times are seconds since the epoch."""

    error_status: int = 0  # of the answer to LibreTranslate's caller, who waits for the file
    error_code: str = ""
    began: float = 0.0  # when a worker first took the document
    part: float = 0.0  # that is translated, from 0 to 1
    claimed: float = 0.0  # when the present worker took the document
    ended: float = 0.0
    charged_day: int | None = None  # from whose quota the characters were taken
    texts: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def failure(self) -> GatewayError | None:
        """The error for a caller who waits for the document; None if it has not failed."""
        return GatewayError(self.error_status, self.error_code, self.error) if self.error else None


class DocumentBucket:
    """What documents consist of, in S3. Raises GatewayError 503 where S3 cannot be reached."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def prepare(self) -> None:
        """Load now what takes its time."""
        _ = self._client

    def load(self, id: str) -> tuple[str, CloudDocument] | None:
        """The document's revision, for `save`, and its state; None if there is no document."""
        found = self._get(f"state/{id}.json")
        document = found and CloudDocument.read(found[1], id)
        return (found[0], document) if found and document else None

    def save(self, document: CloudDocument, revision: str = "") -> bool:
        """Write the state; False, and nothing written, if it is no longer that of `revision`."""
        condition = {"IfMatch": revision} if revision else {}
        content = json.dumps(asdict(document)).encode()
        return self._put(f"state/{document.id}.json", content, condition)

    def write_source(self, id: str, content: bytes) -> None:
        self._put(f"in/{id}", content)

    def read_source(self, id: str) -> bytes | None:
        found = self._get(f"in/{id}")
        return found and found[1]

    def write_result(self, id: str, content: bytes) -> None:
        self._put(f"out/{id}", content)

    def result_size(self, id: str) -> int:
        with reached(_THINGS):
            head = self._client.head_object(Bucket=self._bucket, Key=f"out/{id}")
        return int(head["ContentLength"])

    def read_result(self, id: str) -> bytes:
        found = self._get(f"out/{id}")
        if found is None:
            raise unreachable(_THINGS)
        return found[1]

    def link(self, id: str, filename: str) -> str:
        """A presigned address of the translated file, valid for LINK_SECONDS."""
        which = {
            "Bucket": self._bucket,
            "Key": f"out/{id}",
            "ResponseContentType": media_type(filename).partition(";")[0],
            "ResponseContentDisposition": disposition(filename),
        }
        link: str = self._client.generate_presigned_url("get_object", which, LINK_SECONDS)
        return link

    def forget(self, id: str, and_result: bool) -> None:
        """Delete the state; with `and_result` the translated file too, which no link then needs."""
        self._delete([f"state/{id}.json", *([f"out/{id}"] if and_result else [])])

    def begin(self, owner: str, id: str) -> None:
        self._put(f"{_unfinished(owner)}{id}", b"")

    def count_unfinished(self, owner: str, maximum: int) -> int:
        """The number of the owner's unfinished documents, counted up to `maximum`."""
        with reached(_THINGS):
            page = self._client.list_objects_v2(
                Bucket=self._bucket, Prefix=_unfinished(owner), MaxKeys=maximum
            )
        return len(page.get("Contents", ()))

    def end(self, owner: str, id: str) -> None:
        """Delete the source, its chunks, and the mark that counts the document as unfinished."""
        self._delete([f"{_unfinished(owner)}{id}", f"in/{id}", *self._keys(f"chunks/{id}/")])

    def withdraw(self, owner: str, id: str) -> None:
        """Delete a document that no worker will get."""
        self._delete([f"{_unfinished(owner)}{id}", f"in/{id}", f"state/{id}.json"])

    def chunks(self, id: str) -> KeptChunks:
        return KeptChunks(self, id)

    def _keys(self, prefix: str) -> list[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix
        )
        with reached(_THINGS):
            return [each["Key"] for page in pages for each in page.get("Contents", ())]

    def _get(self, key: str) -> tuple[str, bytes] | None:
        from botocore.exceptions import ClientError

        with reached(_THINGS):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=key)
                return answer["ETag"], answer["Body"].read()
            except ClientError as error:
                if code_of(error) in MISSING:
                    return None
                raise

    def _put(self, key: str, content: bytes, condition: Mapping[str, str] | None = None) -> bool:
        """Write an object; False, and nothing written, if the condition does not hold."""
        from botocore.exceptions import ClientError

        with reached(_THINGS):
            try:
                self._client.put_object(
                    Bucket=self._bucket, Key=key, Body=content, **(condition or {})
                )
            except ClientError as error:
                if code_of(error) in CHANGED:
                    return False
                raise
        return True

    def _delete(self, keys: list[str]) -> None:
        for start in range(0, len(keys), _PAGE):
            objects = [{"Key": key} for key in keys[start : start + _PAGE]]
            with reached(_THINGS):
                self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True}
                )

    @cached_property
    def _client(self) -> Any:
        return make_client("s3", _TIMEOUT, _TIMEOUT, attempts=3, at_once=_AT_ONCE)


class KeptChunks:
    """`gateway.file_work.Kept` in the bucket: the next worker finds what this one translated."""

    def __init__(self, bucket: DocumentBucket, id: str) -> None:
        self._bucket, self._prefix = bucket, f"chunks/{id}/"
        self._found = self._read()
        self.added = 0

    def get(self, number: int, request: TranslationRequest) -> list[Translation] | None:
        """The translations kept under `number`; None if there are none, or of another request."""
        digest, found = self._found.pop(self._key(number), ("", []))
        return found if digest == _digest(request) else None

    def put(self, number: int, request: TranslationRequest, found: list[Translation]) -> None:
        texts = [(translation.text, translation.warnings) for translation in found]
        content = json.dumps([_digest(request), texts], ensure_ascii=False).encode()
        self._bucket._put(self._key(number), content)
        self.added += 1

    def _read(self) -> dict[str, tuple[str, list[Translation]]]:
        keys = self._bucket._keys(self._prefix)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            read = pool.map(self._bucket._get, keys)
            chunks = {key: _chunk(found[1]) for key, found in zip(keys, read, strict=True) if found}
        return {key: chunk for key, chunk in chunks.items() if chunk}

    def _key(self, number: int) -> str:
        return f"{self._prefix}{number:06}.json"


def _chunk(content: bytes) -> tuple[str, list[Translation]] | None:
    """A chunk's digest and translations; None for what is no chunk of ours."""
    try:
        digest, texts = json.loads(content)
        found = [Translation(text, warnings=tuple(warnings)) for text, warnings in texts]
    except (ValueError, TypeError, RecursionError):
        return None
    return digest, found


def _digest(request: TranslationRequest) -> str:
    document = json.dumps([request.document(), request.source, request.target], sort_keys=True)
    return hashlib.sha256(document.encode()).hexdigest()


def _unfinished(owner: str) -> str:
    """The owner's prefix; escaped, so that none is the beginning of another."""
    return f"unfinished/{quote(owner, safe='')}/"
