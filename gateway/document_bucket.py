"""Documents in a bucket of their own, which deletes after a day whatever is left in it.

`state/ID.json` is what is known of one, `in/ID` its file, `out/ID` the translated one,
`chunks/ID/NUMBER.json` what of it is translated, and `unfinished/OWNER/ID` counts those of a key
that are not done.
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
    """A document that several processes know by its state in the bucket; times since the epoch."""

    error_status: int = 0  # with its code, how who waits is told
    error_code: str = ""
    began: float = 0.0  # when a worker first took it, and which part is done, from 0 to 1
    part: float = 0.0
    claimed: float = 0.0  # when the present worker took it
    ended: float = 0.0
    charged_day: int | None = None  # whose quota has the characters
    texts: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def failure(self) -> GatewayError | None:
        """Why it could not be translated, as who waits is told."""
        return GatewayError(self.error_status, self.error_code, self.error) if self.error else None


class DocumentBucket:
    """Raises GatewayError 503 where S3 cannot be reached."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def load(self, id: str) -> tuple[str, CloudDocument] | None:
        """A document and its revision, for `save`."""
        found = self._get(f"state/{id}.json")
        return found and (found[0], CloudDocument(**json.loads(found[1])))

    def save(self, document: CloudDocument, revision: str = "") -> bool:
        """Whether the state was that of `revision`, if one is given."""
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
        """An address of the translated file that ends after LINK_SECONDS."""
        which = {
            "Bucket": self._bucket,
            "Key": f"out/{id}",
            "ResponseContentType": media_type(filename).partition(";")[0],
            "ResponseContentDisposition": disposition(filename),
        }
        link: str = self._client.generate_presigned_url("get_object", which, LINK_SECONDS)
        return link

    def forget(self, id: str, and_result: bool) -> None:
        """The state, and the translated file unless a link leads to it."""
        self._delete([f"state/{id}.json", *([f"out/{id}"] if and_result else [])])

    def begin(self, owner: str, id: str) -> None:
        self._put(f"{_unfinished(owner)}{id}", b"")

    def count_unfinished(self, owner: str, maximum: int) -> int:
        """Of the owner's documents, those that are not done; at most `maximum` are counted."""
        with reached(_THINGS):
            page = self._client.list_objects_v2(
                Bucket=self._bucket, Prefix=_unfinished(owner), MaxKeys=maximum
            )
        return len(page.get("Contents", ()))

    def end(self, owner: str, id: str) -> None:
        """Leaves nothing of the source."""
        self._delete([f"{_unfinished(owner)}{id}", f"in/{id}", *self._keys(f"chunks/{id}/")])

    def withdraw(self, owner: str, id: str) -> None:
        """As if it had never been begun."""
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
        """Whether the condition held."""
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
    """`gateway.file_work.Kept` in the bucket: a worker that ends leaves what it has translated."""

    def __init__(self, bucket: DocumentBucket, id: str) -> None:
        self._bucket, self._prefix = bucket, f"chunks/{id}/"
        self._found = self._read()
        self.added = 0

    def get(self, number: int, request: TranslationRequest) -> list[Translation] | None:
        """None, too, where the request is another than that which was answered."""
        digest, texts = self._found.pop(self._key(number), ("", ()))
        if digest != _digest(request):
            return None
        return [Translation(text, warnings=tuple(warnings)) for text, warnings in texts]

    def put(self, number: int, request: TranslationRequest, found: list[Translation]) -> None:
        texts = [(translation.text, translation.warnings) for translation in found]
        content = json.dumps([_digest(request), texts], ensure_ascii=False).encode()
        self._bucket._put(self._key(number), content)
        self.added += 1

    def _read(self) -> dict[str, tuple[str, list[tuple[str, list[str]]]]]:
        keys = self._bucket._keys(self._prefix)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            read = pool.map(self._bucket._get, keys)
            return {k: json.loads(found[1]) for k, found in zip(keys, read, strict=True) if found}

    def _key(self, number: int) -> str:
        return f"{self._prefix}{number:06}.json"


def _digest(request: TranslationRequest) -> str:
    document = json.dumps([request.document(), request.source, request.target], sort_keys=True)
    return hashlib.sha256(document.encode()).hexdigest()


def _unfinished(owner: str) -> str:
    """Escaped, no owner's prefix begins another's."""
    return f"unfinished/{quote(owner, safe='')}/"
