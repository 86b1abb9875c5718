"""Glossaries in S3: an object each, `PREFIX/OWNER/ID.json`, read again only where it changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any
from urllib.parse import quote

from gateway.aws_client import make_client
from gateway.errors import GatewayError
from gateway.glossary import Glossary, GlossaryInfo
from gateway.glossary_store import MAX_GLOSSARIES, Change, Remembered
from gateway.s3_errors import CHANGED, MISSING, RETRY_AFTER, code_of, reached

_TIMEOUT = 5  # seconds to connect, and to read
_AT_ONCE = 16  # objects
_INFOS = 10_000  # that are remembered
_TRIES = 5  # of a change, where others change the same glossary


class S3Glossaries:
    """`gateway.glossary_store.GlossaryStore` over one prefix of a bucket."""

    def __init__(self, bucket: str, prefix: str) -> None:
        self._bucket = bucket
        self._prefix = prefix if not prefix or prefix.endswith("/") else f"{prefix}/"
        self._remembered = Remembered()
        self._infos: dict[tuple[str, str], GlossaryInfo] = {}  # by key and revision

    def infos(self, owner: str) -> list[GlossaryInfo]:
        with reached("glossaries"):
            listed = list(self._list(owner))
            missing = [each for each in listed if each not in self._infos]
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                read = pool.map(lambda each: self._read(owner, _id(each[0])), missing)
                known = {
                    each: glossary[1].info
                    for each, glossary in zip(missing, read, strict=True)
                    if glossary
                }
        found = {each: known.get(each) or self._infos.get(each) for each in listed}
        mine = {each: info for each, info in found.items() if info}
        others = self._infos if len(self._infos) < _INFOS else {}
        self._infos = {**{e: i for e, i in others.items() if not self._is_of(owner, e)}, **mine}
        return sorted(mine.values(), key=lambda info: (info.created, info.id))

    def get(self, owner: str, glossary_id: str) -> Glossary | None:
        with reached("glossaries"):
            found = self._read(owner, glossary_id)
        return found and found[1]

    def create(self, owner: str, glossary: Glossary) -> None:
        with reached("glossaries"):
            self._put(owner, glossary, {"IfNoneMatch": "*"})

    def change(self, owner: str, glossary_id: str, change: Change) -> Glossary | None:
        for _ in range(_TRIES):
            with reached("glossaries"):
                found = self._read(owner, glossary_id)
            if found is None:
                return None
            changed = change(found[1])
            with reached("glossaries"):
                if self._put(owner, changed, {"IfMatch": found[0]}):
                    return changed
        message = "The glossary is being changed by others. Try again in a few seconds."
        raise GatewayError(503, "glossary_busy", message, RETRY_AFTER)

    def delete(self, owner: str, glossary_id: str) -> bool:
        which = {"Bucket": self._bucket, "Key": self._key(owner, glossary_id)}
        with reached("glossaries"):
            if self._read(owner, glossary_id) is None:
                return False
            self._client.delete_object(**which)
        self._remembered.drop(owner, glossary_id)
        return True

    def _list(self, owner: str) -> Iterator[tuple[str, str]]:
        """Key and revision of each of the owner's."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._key(owner, ""), MaxKeys=MAX_GLOSSARIES
        )
        for page in pages:
            yield from ((each["Key"], each["ETag"]) for each in page.get("Contents", ()))

    def _read(self, owner: str, glossary_id: str) -> tuple[str, Glossary] | None:
        from botocore.exceptions import ClientError

        known = self._remembered.get(owner, glossary_id)
        unless = {"IfNoneMatch": known[0]} if known else {}
        try:
            answer = self._client.get_object(
                Bucket=self._bucket, Key=self._key(owner, glossary_id), **unless
            )
        except ClientError as error:
            if code_of(error) in ("304", "NotModified"):
                return known
            if code_of(error) in MISSING:
                self._remembered.drop(owner, glossary_id)
                return None
            raise
        found = answer["ETag"], Glossary.from_json(answer["Body"].read())
        self._remembered.note(owner, *found)
        return found

    def _put(self, owner: str, glossary: Glossary, condition: Mapping[str, str]) -> bool:
        """Put the object; False where the condition did not hold."""
        from botocore.exceptions import ClientError

        try:
            answer = self._client.put_object(
                Bucket=self._bucket,
                Key=self._key(owner, glossary.id),
                Body=glossary.as_json().encode(),
                ContentType="application/json",
                **condition,
            )
        except ClientError as error:
            if code_of(error) in CHANGED:
                return False
            raise
        self._remembered.note(owner, answer["ETag"], glossary)
        return True

    def _is_of(self, owner: str, listed: tuple[str, str]) -> bool:
        return listed[0].startswith(self._key(owner, ""))

    def _key(self, owner: str, glossary_id: str) -> str:
        """Escaped, no owner's prefix begins another's."""
        name = f"{glossary_id}.json" if glossary_id else ""
        return f"{self._prefix}{quote(owner, safe='')}/{name}"

    @cached_property
    def _client(self) -> Any:
        return make_client("s3", _TIMEOUT, _TIMEOUT, attempts=2, at_once=_AT_ONCE)


def _id(key: str) -> str:
    return key.rpartition("/")[2].removesuffix(".json")
