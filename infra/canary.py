"""What a model must be able to translate before the old one goes: its manifest's `canary`."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.errors import EndpointError
from model_folder import ModelError

ORDER, BETA = 6, 2  # of chrF, as it is published: n-grams of letters, recall counts twice
START_SECONDS = 300.0  # SageMaker itself gives a start three minutes
PAUSE = 5.0  # seconds between two questions to a model that starts
STARTING = {
    "InternalDependencyException", "InternalFailure", "ModelError", "ModelNotReadyException",
    "ServiceUnavailable", "ThrottlingException",
}  # fmt: skip
MOST = 100  # sentences; `pulumi up` waits for them


@dataclass(frozen=True)
class Canary:
    """Sentences with their translations, and the chrF, 0 to 100, that the model has to reach."""

    source: str
    target: str
    floor: float
    sentences: tuple[tuple[str, str], ...]

    def score(self, translations: Sequence[str]) -> float:
        """The chrF of the translations, all sentences together."""
        references = [reference for _, reference in self.sentences]
        return chrf(list(zip(translations, references, strict=True)))


def read_canary(manifest: Mapping[str, Any], source: str, target: str) -> Canary | None:
    """The manifest's canary for its pair; None where it has none. Raises ModelError."""
    given = manifest.get("canary")
    if given is None:
        return None
    try:
        floor, sentences = given["floor"], tuple((a, b) for a, b in given["sentences"])
    except (KeyError, TypeError, ValueError):
        floor, sentences = None, ()
    texts = [text for pair in sentences for text in pair]
    if (
        isinstance(floor, bool)
        or not isinstance(floor, int | float)
        or not 0 <= floor <= 100
        or not 1 <= len(sentences) <= MOST
        or not all(isinstance(text, str) and text.strip() for text in texts)
    ):
        raise ModelError(
            f'the manifest\'s "canary" is malformed. Write {{"floor": 0 to 100, "sentences":'
            f' [["text", "its translation"], ...]}}, 1 to {MOST} of them'
        )
    return Canary(source, target, float(floor), sentences)


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
        raise EndpointError(f"the answer to the canary cannot be read ({kind}).") from None


def chrf(pairs: Sequence[tuple[str, str]]) -> float:
    """Character n-gram F-score of (translation, reference) pairs, 0 to 100 (Popović 2015)."""
    precisions, recalls = [], []
    for order in range(1, ORDER + 1):
        ours, theirs, common = 0, 0, 0
        for translation, reference in pairs:
            found, wanted = _grams(translation, order), _grams(reference, order)
            ours, theirs = ours + found.total(), theirs + wanted.total()
            common += (found & wanted).total()
        if ours and theirs:
            precisions.append(common / ours)
            recalls.append(common / theirs)
    if not any(precisions):
        return 0.0
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    return 100 * (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)


def _grams(text: str, order: int) -> Counter[str]:
    letters = "".join(text.split())
    return Counter(_windows(letters, order))


def _windows(letters: str, order: int) -> Iterator[str]:
    return (letters[i : i + order] for i in range(len(letters) - order + 1))


def _wait_for(call: Callable[[], bytes]) -> bytes:
    """The answer of a model that may still start."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return call()
        except (BotoCoreError, ClientError) as error:
            if not _may_pass(error) or time.monotonic() > deadline:
                raise EndpointError(f"the canary got no answer ({error}).") from None
        time.sleep(PAUSE)


def _may_pass(error: Exception) -> bool:
    """Whether the model may only be starting; a refusal of the texts stays one."""
    if not isinstance(error, ClientError):
        return True
    refused = error.response.get("OriginalStatusCode", 500) < 500
    return error.response["Error"]["Code"] in STARTING and not refused
