"""The SQS queue of documents that wait for a worker: their ids, and nothing of theirs."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from gateway.aws_client import make_client

_TIMEOUT = 5  # seconds to connect, and to read


class DocumentQueue:
    """Raises what boto3 raises."""

    def __init__(self, url: str) -> None:
        self._url = url

    def send(self, id: str, delay: int = 0) -> None:
        """A worker gets it after `delay` seconds."""
        self._client.send_message(
            QueueUrl=self._url, MessageBody=json.dumps({"id": id}), DelaySeconds=delay
        )

    def ask_again(self, receipt: str, seconds: int) -> None:
        """Let a worker have a message again after so long, instead of after the queue's time."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=seconds
        )

    @cached_property
    def _client(self) -> Any:
        return make_client("sqs", _TIMEOUT, _TIMEOUT, attempts=2, at_once=4)
