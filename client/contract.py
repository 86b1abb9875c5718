"""The container's JSON, shared by a URL and an endpoint: docs/api.md describes it."""

import json
from collections.abc import Mapping
from typing import Any

from client.errors import Refused, ServiceFailed
from client.pair import Pair
from client.transport import MAX_REQUEST_BYTES, Answer
from client.wishes import Wishes

_LONGEST = 2000  # characters of a sentence that a service may have printed


def write_request(texts: list[str], pair: Pair, wishes: Wishes, terms: Mapping[str, str]) -> bytes:
    asked: dict[str, Any] = {"texts": texts, "source": pair.source, "target": pair.target}
    return encode(asked | wishes.fields() | ({"terms": terms} if terms else {}))


def encode(value: Any) -> bytes:
    """Raises `Refused` when it is more than a request may carry."""
    body = json.dumps(value, ensure_ascii=False).encode()
    if len(body) > MAX_REQUEST_BYTES:
        raise Refused(
            f"The request is {len(body)} bytes; {MAX_REQUEST_BYTES} is the most. "
            "Send it in parts: --file and standard input are split at line ends."
        )
    return body


def read_answer(body: bytes, sent: int, service: str) -> Answer:
    answer = decode(body, service)
    try:
        translations = answer["translations"]
        texts = [translation["text"] for translation in translations]
        warnings = [
            (place, warning)
            for place, translation in enumerate(translations)
            for warning in translation.get("warnings", ())
        ]
        model = {"model": answer["model"]} if "model" in answer else {}
        records = [{**translation, **model} for translation in translations]
    except (KeyError, TypeError, AttributeError) as error:
        raise not_ours(service) from error
    return Answer(checked(texts, sent, service), records, warnings)


def checked(texts: Any, sent: int, service: str) -> list[str]:
    """One text back for each that was sent, or `ServiceFailed`."""
    if not isinstance(texts, list) or not all(map(is_text, texts)):
        raise not_ours(service)
    if len(texts) != sent:
        raise ServiceFailed(f"{service} answered {len(texts)} texts for {sent}.")
    return texts


def is_text(value: object) -> bool:
    """Half of a surrogate pair, which JSON can say, is none."""
    return isinstance(value, str) and value.encode("utf-8", "replace").decode() == value


SHOWN = ("pair", "name", "version", "handler")


def checked_models(models: Any, service: str) -> list[dict[str, Any]]:
    """Objects in which `SHOWN`, if they are there, are strings; or `ServiceFailed`."""
    if not isinstance(models, list) or not all(
        isinstance(model, dict) and all(is_text(model.get(name, "")) for name in SHOWN)
        for model in models
    ):
        raise not_ours(service)
    return models


def decode(body: bytes, service: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise not_ours(service) from error


def not_ours(service: str) -> ServiceFailed:
    return ServiceFailed(f"{service} answered with something else than a translation.")


def sentence(body: bytes, otherwise: str) -> str:
    """The sentence in an error's JSON: ours, LibreTranslate's or API Gateway's."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return otherwise
    if not isinstance(answer, dict):
        return otherwise
    error = answer.get("error", answer)
    found = error.get("message") if isinstance(error, dict) else error
    return " ".join(found[:_LONGEST].split()) if isinstance(found, str) and found else otherwise
