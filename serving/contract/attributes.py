"""SageMaker's custom attributes: the one header that travels through an endpoint.

``X-Amzn-SageMaker-Custom-Attributes: source=en;target=de;request_id=abc``, at
most 1024 ASCII characters; what is not ``name=value`` is somebody else's.
"""

import os
import re
from collections.abc import Mapping
from typing import Any

HEADER = "X-Amzn-SageMaker-Custom-Attributes"
MAX_LENGTH = 1024
"""Characters, all of them ASCII: what SageMaker forwards."""
_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_TRACE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
"""W3C Trace Context's `traceparent`."""


def parse_attributes(header: str) -> dict[str, str]:
    pairs = (item.partition("=") for item in header.split(";"))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def request_id(attributes: dict[str, str]) -> str:
    """The caller's ``request_id``, or a new one where there is none fit for a log."""
    given = attributes.get("request_id", "")
    return given if _ID.fullmatch(given) else os.urandom(16).hex()


def trace_of(attributes: Mapping[str, str], environ: Mapping[str, Any]) -> str:
    """The caller's ``traceparent``, from the attributes or a header; empty where there is none."""
    given = str(attributes.get("traceparent") or environ.get("HTTP_TRACEPARENT", ""))
    return given if _TRACE.fullmatch(given) else ""
