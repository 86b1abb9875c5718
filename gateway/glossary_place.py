"""The store that a setting names."""

from __future__ import annotations

from gateway.glossary_store import GlossaryStore
from gateway.sqlite_glossaries import SqliteGlossaries


def open_store(place: str) -> GlossaryStore:
    """The store at `s3://bucket/prefix/` or in a file of SQLite; without a name in memory."""
    if place.startswith("s3://"):
        from gateway.s3_glossaries import S3Glossaries  # boto3 takes its time

        bucket, _, prefix = place.removeprefix("s3://").partition("/")
        return S3Glossaries(bucket, prefix)
    return SqliteGlossaries(place or ":memory:")
