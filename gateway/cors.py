"""What web pages of other origins may send and read, in Lambda as in a local process.

API Gateway answers preflights itself: the stack gives it this table (`infra.http_api`).
"""

from __future__ import annotations

METHODS = ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT")
REQUEST_HEADERS = ("Authorization", "Content-Type", "X-API-Key", "X-Request-ID", "traceparent")
ANSWER_HEADERS = (
    "Retry-After",
    "X-Request-ID",
    "X-Trace-ID",
    "X-Translation-Confidence",
    "X-Translation-Warnings",
)
MAX_AGE = 86_400
"""Seconds for which a browser may remember a preflight's answer."""
