"""Logs: one JSON line a request, never its text."""

import json
import logging
import sys
import time
from typing import Any

from serving.errors import HandlerError
from serving.request import Answer

access = logging.getLogger("serving.access")


class JsonFormatter(logging.Formatter):
    """Every record as one line of JSON, so that CloudWatch can query its fields."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = _without_values(record)
        return json.dumps(line, ensure_ascii=False)


def _without_values(record: logging.LogRecord) -> list[str]:
    """Where an exception came from, and its type: its message may hold a user's text."""
    kind, error, trace = record.exc_info or (None, None, None)
    frames = []
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    name = kind.__name__ if kind else "?"
    return [*frames, f"{name}: {error}" if isinstance(error, HandlerError) else name]


def set_up_logging() -> None:
    """To stderr; called once, by the process that serves."""
    # What no line shows need not be found out (Logging HOWTO, "Optimization").
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def log_request(identity: str, status: int, answer: Answer | None, seconds: float) -> None:
    fields: dict[str, Any] = {"request_id": identity, "status": status}
    if answer is not None:
        fields |= {
            "pair": answer.pair,
            "characters": answer.characters,
            "segments": answer.segments,
            "tokens": answer.tokens,
            "cached": answer.cached,
            "warnings": answer.warnings,
            "milliseconds": {**answer.milliseconds, "total": round(1000 * seconds, 2)},
        }
    access.info("request", extra={"fields": fields})
