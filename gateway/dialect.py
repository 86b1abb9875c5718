"""A public wire format: how it words an error, and which status it gives one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bottle import HTTPResponse

from gateway.errors import GatewayError

RETRY_AFTER = 5  # seconds, where whoever refused did not say


@dataclass(frozen=True)
class Dialect:
    name: str
    body: Callable[[str], dict[str, Any]]  # the error document of a sentence
    statuses: Mapping[str, int]  # by error code, where it differs from the error's own

    def refusal(self, error: GatewayError) -> HTTPResponse:
        status = self.statuses.get(error.code, error.status)
        detail = {"detail": error.detail} if error.detail else {}
        answer = json_answer({**self.body(error.message), **detail}, status)
        retry_after = error.retry_after or (RETRY_AFTER if status in (429, 456, 503, 504) else None)
        if retry_after is not None:
            answer.set_header("Retry-After", str(retry_after))
        return answer


def json_answer(
    document: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> HTTPResponse:
    """UTF-8 as it is: escaped, a CJK letter would take six bytes."""
    body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    return HTTPResponse(body, status, {"Content-Type": "application/json", **(headers or {})})


LIBRETRANSLATE = Dialect(
    "libretranslate",
    body=lambda sentence: {"error": sentence},
    statuses={"key_missing": 400, "text_too_long": 400, "too_many_texts": 400, "unknown_pair": 400},
)
DEEPL = Dialect(
    "deepl",
    body=lambda sentence: {"message": sentence},
    statuses={"quota_exceeded": 456, "unknown_pair": 400},
)


def dialect_of(path: str) -> Dialect:
    """DeepL's paths carry a version, LibreTranslate's do not."""
    return DEEPL if path.startswith(("/v1/", "/v2/", "/v3/")) else LIBRETRANSLATE
