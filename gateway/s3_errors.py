"""What S3's errors mean for the glossaries and documents that lie in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gateway.errors import GatewayError

MISSING = ("404", "NoSuchKey")
CHANGED = ("412", "PreconditionFailed", "409", "ConditionalRequestConflict")
RETRY_AFTER = 2  # seconds


def code_of(error: Any) -> str:
    """S3's error code, of a botocore ClientError; empty if it has none."""
    return str(error.response.get("Error", {}).get("Code", ""))


def unreachable(things: str) -> GatewayError:
    """The 503 for `things`, "documents" or "glossaries"."""
    message = f"The {things} cannot be reached. Try again in a few seconds."
    return GatewayError(503, f"{things}_unreachable", message, RETRY_AFTER)


@contextmanager
def reached(things: str) -> Iterator[None]:
    """Raises GatewayError 503, about `things`, for whatever boto3 raises within."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise unreachable(things) from error
