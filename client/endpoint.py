"""A SageMaker endpoint called directly, with the caller's AWS credentials."""

import json
from collections.abc import Mapping
from typing import Any

from client.aws import aws_failures, make_client
from client.contract import read_answer, sentence, write_request
from client.errors import UsageError, from_status
from client.pair import Pair
from client.patience import Patience
from client.transport import Answer, Limits
from client.wishes import PLAIN, Wishes


class Endpoint:
    def __init__(self, name: str, patience: Patience) -> None:
        self.name = name
        self.patience = patience
        self.terms: Mapping[str, str] = {}
        # We do the asking again; boto3's retries would multiply what is billed.
        once = {"total_max_attempts": 1}
        self._client = make_client(
            "sagemaker-runtime", retries=once, read_timeout=65, max_pool_connections=64
        )

    @property
    def service(self) -> str:
        return f"endpoint {self.name}"

    def translate(self, texts: list[str], pair: Pair, wishes: Wishes = PLAIN) -> Answer:
        body = write_request(texts, pair, wishes, self.terms)
        return read_answer(self.patience.call(lambda: self._invoke(body)), len(texts), self.service)

    def limits(self) -> Limits:
        return Limits()

    def models(self) -> list[dict[str, Any]]:
        raise UsageError(
            "An endpoint cannot be asked what it serves; `--list --stack NAME` asks its API."
        )

    def _invoke(self, body: bytes) -> bytes:
        with aws_failures():
            try:
                answer = self._client.invoke_endpoint(
                    EndpointName=self.name,
                    ContentType="application/json",
                    Accept="application/json",
                    Body=body,
                )
                content: bytes = answer["Body"].read()
                return content
            except self._client.exceptions.ModelError as error:
                raise _from_container(error.response) from error


def _from_container(response: dict[str, Any]) -> Exception:
    """What the container itself said, out of SageMaker's wrapping.

    ``OriginalStatusCode`` and ``OriginalMessage``: InvokeEndpoint's API reference.
    """
    status = int(response.get("OriginalStatusCode") or 500)
    message = response.get("OriginalMessage") or json.dumps(response.get("Error", {}))
    return from_status(status, sentence(message.encode(), f"The container failed: {message}"))
