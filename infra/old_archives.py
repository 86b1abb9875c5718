"""The archives that no model uses any more: readable for 30 days, then S3 deletes them.

S3 counts from the day on which an object was written. Hence an archive is written anew, onto
itself, when its model lets go of it, with a tag that the bucket's lifecycle looks for; one that
is used again is written without.
"""

from collections.abc import Collection, Iterator
from typing import Any

import pulumi
from botocore.exceptions import BotoCoreError, ClientError

from infra import clients
from infra.bucket import UNUSED

PREFIX = "models/"
_NAME = "/model.tar.gz"


def sort_out(region: str, bucket: str, used: Collection[str]) -> None:
    """Mark the archives of `bucket` whose keys are not `used`, and unmark those that are.

    Says so where it may not; nothing that serves depends on it.
    """
    s3 = clients.connect("s3", region)
    try:
        for key in _archives(s3, bucket):
            _mark(s3, bucket, key, key not in used)
    except (BotoCoreError, ClientError) as error:
        pulumi.log.warn(f"old archives in {bucket} are kept for longer than need be ({error})")


def _archives(s3: Any, bucket: str) -> Iterator[str]:
    """Keys of the archives that stacks have uploaded: models/PAIR/HASH/model.tar.gz."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX):
        keys = [entry["Key"] for entry in page.get("Contents", ())]
        yield from (key for key in keys if key.endswith(_NAME) and key.count("/") == 3)


def _mark(s3: Any, bucket: str, key: str, unused: bool) -> None:
    tags = s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
    if unused == (UNUSED in [tag["Key"] for tag in tags]):
        return
    s3.copy_object(
        Bucket=bucket,
        Key=key,
        CopySource={"Bucket": bucket, "Key": key},
        ContentType="application/gzip",
        MetadataDirective="REPLACE",  # S3 copies nothing onto itself that does not change
        TaggingDirective="REPLACE",
        Tagging=f"{UNUSED}=yes" if unused else "",
    )
