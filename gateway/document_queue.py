"""The SQS queue of documents that wait for a worker; a message holds a document's id only."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from gateway.aws_client import make_client

_TIMEOUT = 5  # seconds to connect, and to read


class DocumentQueue:
    """The queue at `url`. Its methods raise what boto3 raises."""

    def __init__(self, url: str) -> None:
        self._url = url

    def prepare(self) -> None:
        """Load now what takes its time."""
        _ = self._client

    def send(self, id: str, delay: int = 0) -> None:
        """Let a worker get the document, after `delay` seconds."""
        self._client.send_message(
            QueueUrl=self._url, MessageBody=json.dumps({"id": id}), DelaySeconds=delay
        )

    def ask_again(self, receipt: str, seconds: int) -> None:
        """Let a worker get a message again after so many seconds, not the queue's own."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=seconds
        )

    @cached_property
    def _client(self) -> Any:
        return make_client("sqs", _TIMEOUT, _TIMEOUT, attempts=2, at_once=4)
