"""The objects under an S3 prefix."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from client.aws import aws_failures
from client.errors import UsageError


@dataclass(frozen=True)
class S3Object:
    name: str
    """Its key without the folder's prefix."""
    size: int
    etag: str
    modified: Any
    """A datetime."""


@dataclass(frozen=True)
class S3Folder:
    bucket: str
    prefix: str
    """Empty, or with a last slash."""

    @property
    def uri(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    def objects(self, client: Any) -> list[S3Object]:
        """All but the empty ones that consoles make for folders."""
        pages = client.get_paginator("list_objects_v2")
        with aws_failures():
            found = [
                item
                for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix)
                for item in page.get("Contents", ())
            ]
        return [
            S3Object(
                item["Key"].removeprefix(self.prefix),
                item["Size"],
                item["ETag"],
                item["LastModified"],
            )
            for item in found
            if not item["Key"].endswith("/")
        ]


def parse_s3(uri: str) -> S3Folder:
    parts = urlsplit(uri)
    if parts.scheme != "s3" or not parts.netloc:
        raise UsageError(f"{uri!r} is no S3 folder. Write s3://BUCKET/FOLDER/.")
    prefix = parts.path.strip("/")
    return S3Folder(parts.netloc, f"{prefix}/" if prefix else "")
