"""What a model must be able to translate before the old one goes: its manifest's `canary`."""

import json
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.errors import EndpointError
from model_folder.canary import Canary

START_SECONDS = 300.0  # SageMaker itself gives a start three minutes
PAUSE = 5.0  # seconds between two questions to a model that starts
STARTING = {
    "InternalDependencyException", "InternalFailure", "ModelError", "ModelNotReadyException",
    "ServiceUnavailable", "ThrottlingException",
}  # fmt: skip


def ask(client: Any, endpoint: str, canary: Canary) -> float:
    """The chrF of the endpoint's translations. Raises EndpointError if it gives none."""
    texts = [text for text, _ in canary.sentences]
    question = {"texts": texts, "source": canary.source, "target": canary.target}
    body = json.dumps(question, ensure_ascii=False).encode()
    answer = _wait_for(
        lambda: client.invoke_endpoint(
            EndpointName=endpoint,
            ContentType="application/json",
            Accept="application/json",
            Body=body,
        )["Body"].read()
    )
    try:
        return canary.score([entry["text"] for entry in json.loads(answer)["translations"]])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        kind = type(error).__name__
        raise EndpointError(f"The answer to the canary cannot be read ({kind}).") from None


def _wait_for(call: Callable[[], bytes]) -> bytes:
    """The answer of a model that may still start."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return call()
        except (BotoCoreError, ClientError) as error:
            if not _may_pass(error) or time.monotonic() > deadline:
                raise EndpointError(f"The canary got no answer ({error}).") from None
        time.sleep(PAUSE)


def _may_pass(error: Exception) -> bool:
    """Whether the model may only be starting; a refusal of the texts stays one."""
    if not isinstance(error, ClientError):
        return True
    refused = error.response.get("OriginalStatusCode", 500) < 500
    return error.response["Error"]["Code"] in STARTING and not refused
