"""The backend in Lambda: each pair's SageMaker endpoint."""

from __future__ import annotations

import functools
import json
import math
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import quote

from gateway.aws_http import Answer, AwsError, AwsHttp, ConnectionLost, TooLate, Unreachable
from gateway.backend import Pair, Term, Translation, TranslationRequest
from gateway.errors import BackendError, GatewayError, SettingsError

READ_TIMEOUT = 27  # seconds; container 25 < this < Lambda 28 < HTTP API 30
CONNECT_TIMEOUT = 3
AT_ONCE = 1.0  # seconds within which a dead connection shows
MAX_BYTES = 4 * 1024 * 1024  # of one call to a serverless endpoint
PART_BYTES = 1_000_000  # requests are split here, so that the answer, too, stays below MAX_BYTES
RETRY_AFTER = 5  # seconds; the container's own header does not get through SageMaker
_PARTS_AT_ONCE = 8


class SageMakerBackend:
    """`endpoints` maps pairs, written as folder names (`en_de`), to endpoint names.

    Its HTTP clients are made at the first call, or by `prepare`.
    """

    def __init__(self, endpoints: Mapping[str, str], demonstrations: Collection[str] = ()):
        self._endpoints = {_pair(name): endpoint for name, endpoint in endpoints.items()}
        self._demonstrations = [_pair(name) for name in demonstrations]
        self._pool = ThreadPoolExecutor(_PARTS_AT_ONCE, thread_name_prefix="invoke")
        self._wakers: dict[int, AwsHttp] = {}
        self._making = threading.Lock()

    @property
    def pairs(self) -> list[Pair]:
        return list(self._endpoints)

    @property
    def demonstrations(self) -> list[Pair]:
        return self._demonstrations

    def translate(self, request: TranslationRequest) -> list[Translation]:
        """In parts of at most PART_BYTES, side by side; BackendError for the first that fails."""
        parts = list(_parts(request))
        if len(parts) == 1:
            return self._invoke(*parts[0])
        answers = self._pool.map(lambda part: self._invoke(*part), parts)
        return [translation for answer in answers for translation in answer]

    def wake(self, pair: Pair, seconds: float) -> None:
        """Ask for the translation of nothing, and wait `seconds` for the answer, rounded up."""
        request = TranslationRequest(("",), *pair)
        self._invoke(request, _json(request.document()), self._waker(seconds))

    def prepare(self, hold_seconds: float) -> None:
        """Make the clients now: the first of them loads the certificates."""
        self._waker(hold_seconds)
        _ = self._client

    @cached_property
    def _client(self) -> AwsHttp:
        return _make_client(READ_TIMEOUT)

    def _waker(self, seconds: float) -> AwsHttp:
        whole = math.ceil(seconds)
        with self._making:
            if whole not in self._wakers:
                self._wakers[whole] = _make_client(whole)
            return self._wakers[whole]

    def _invoke(
        self, request: TranslationRequest, body: bytes, client: AwsHttp | None = None
    ) -> list[Translation]:
        endpoint = self._endpoints[request.source, request.target]
        call = functools.partial(
            (client or self._client).post,
            f"/endpoints/{quote(endpoint, safe='')}/invocations",
            body,
            {
                "Content-Type": "application/json",
                "Accept": "application/json",
                "X-Amzn-SageMaker-Custom-Attributes": _attributes(request),
            },
        )
        return _translations(_answer(call), len(request.texts))


def _attributes(request: TranslationRequest) -> str:
    trace = f";traceparent={request.traceparent}" if request.traceparent else ""
    return f"request_id={request.request_id}{trace}"


def _make_client(read_timeout: float) -> AwsHttp:
    return AwsHttp(
        "sagemaker-runtime", "runtime.sagemaker", "sagemaker", CONNECT_TIMEOUT, read_timeout
    )


def _answer(call: Callable[[], Answer]) -> bytes:
    """The answer's body; BackendError for whatever went wrong.

    A connection that died while the function was frozen fails at once: it is tried once more.
    """
    started = time.monotonic()
    try:
        try:
            return call().body
        except ConnectionLost:
            if time.monotonic() - started > AT_ONCE:
                raise
            return call().body
    except AwsError as error:
        raise explain(error) from error
    except TooLate as error:
        raise _late("timeout", "The model did not answer in time.") from error
    except Unreachable as error:
        raise _unavailable("unreachable", "The model cannot be reached.") from error


def _pair(name: str) -> Pair:
    source, _, target = name.partition("_")
    if not source or not target:
        raise SettingsError(
            f"GATEWAY_ENDPOINTS or GATEWAY_DEMONSTRATIONS: {name!r} is no pair. Write it as en_de."
        )
    return source, target


def _parts(request: TranslationRequest) -> Iterator[tuple[TranslationRequest, bytes]]:
    """The request in parts, each with its body; one text alone may be larger than PART_BYTES."""
    texts: list[str] = []
    size = 0
    for text in request.texts:
        bytes_more = len(_json(text))
        if texts and size + bytes_more > PART_BYTES:
            yield _part(request, texts)
            texts, size = [], 0
        texts.append(text)
        size += bytes_more
    yield _part(request, texts)


def _part(request: TranslationRequest, texts: list[str]) -> tuple[TranslationRequest, bytes]:
    part = replace(request, texts=tuple(texts))
    body = _json(part.document())
    if len(body) > MAX_BYTES:
        message = f"A text of {len(body)} bytes exceeds the endpoint's limit of {MAX_BYTES} bytes."
        raise BackendError(413, "too_large", message)
    return part, body


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _translations(body: bytes, count: int) -> list[Translation]:
    try:
        items = json.loads(body)["translations"]
        found = [
            Translation(
                item["text"],
                tuple(item.get("alternatives", ())),
                item.get("score"),
                tuple(item.get("warnings", ())),
                _number(item.get("confidence")),
                tuple(Term(**term) for term in item.get("terms", ())),
            )
            for item in items
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        found = []
    if len(found) != count:
        raise BackendError(500, "bad_answer", "The model's answer could not be read.")
    return found


def _number(value: Any) -> float | None:
    """Raises `TypeError` for what is neither a number nor missing."""
    return None if value is None else value + 0.0


def explain(error: AwsError) -> GatewayError:
    """What a runtime API error means to the caller; names of endpoints stay inside."""
    if error.code == "ModelError":
        return _of_the_container(error.document)
    if error.code == "ModelNotReadyException":
        return _late("not_ready", "The model is starting. Try again in a few seconds.")
    if error.code in ("ThrottlingException", "ServiceQuotaExceededException"):
        return BackendError(
            429,
            "throttled",
            "There are too many requests at once for this model. Try again in a few seconds.",
            RETRY_AFTER,
        )
    if error.code in ("ValidationError", "AccessDeniedException", "ValidationException"):
        return BackendError(500, "misconfigured", "The model's endpoint cannot be used.")
    return _unavailable("unavailable", "The model is not available. Try again in a few seconds.")


def _of_the_container(document: Mapping[str, Any]) -> GatewayError:
    """ModelError (424) wraps the container's own status and JSON error."""
    try:
        status = int(document.get("OriginalStatusCode") or 500)
        error = json.loads(document.get("OriginalMessage") or "")["error"]
        code, message = str(error["code"]), str(error["message"])
    except (ValueError, KeyError, TypeError):
        return BackendError(500, "model_failed", "The model failed on this request.")
    return BackendError(status, code, message, RETRY_AFTER if status in (429, 503, 504) else None)


def _unavailable(code: str, message: str) -> BackendError:
    return BackendError(503, code, message, RETRY_AFTER)


def _late(code: str, message: str) -> BackendError:
    return BackendError(504, code, message, RETRY_AFTER)
