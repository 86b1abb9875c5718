"""The log of a Lambda function: a JSON line a request on standard output."""

from __future__ import annotations

import json
import logging
import sys

from gateway.envelope import LOG


class _JsonLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {"message": record.getMessage()})
        return json.dumps({"level": record.levelname.lower(), **fields}, ensure_ascii=False)


def set_up_logging() -> None:
    """Log to standard output, from which Lambda takes it."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonLine())
    LOG.handlers[:] = [handler]
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
