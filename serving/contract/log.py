"""Logs: one JSON line a request, never its text."""

import json
import logging
import os
import time
from collections.abc import Iterator
from typing import Any

from serving.contract.outlet import Outlet
from serving.emf import MAX_VALUES, Values, embedded
from serving.errors import HandlerError
from serving.request import Answer
from serving.settings import Settings
from serving.text import warnings

_STDERR = 2
_RETRY = 0.05  # seconds

_ACCESS = ("serving.access", "gateway.access")

access = logging.getLogger(_ACCESS[0])


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
    """Where an exception came from, and its type; not its message, which may hold a user's text."""
    kind, error, trace = record.exc_info or (None, None, None)
    frames = []
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    name = kind.__name__ if kind else "?"
    return [*frames, f"{name}: {error}" if isinstance(error, HandlerError) else name]


class TextFormatter(logging.Formatter):
    """Every record as one line for people; a traceback follows it, indented."""

    def format(self, record: logging.LogRecord) -> str:
        clock = time.strftime("%H:%M:%S", time.localtime(record.created))
        level = "" if record.levelno == logging.INFO else f"{record.levelname} "
        facts = [f"{name}={_shown(value)}" for name, value in _flat(getattr(record, "fields", {}))]
        line = "  ".join([_printable(record.getMessage()), *filter(None, [" ".join(facts)])])
        below = _without_values(record) if record.exc_info else []
        return "\n    ".join([f"{clock} {level}{line}", *map(_printable, below)])


def _flat(fields: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in value.items())
        else:
            yield name, value


def _shown(value: Any) -> str:
    """The value in printable characters, in quotes where it is not one word."""
    text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return (
        _printable(text)
        if text and " " not in text
        else json.dumps(_printable(text), ensure_ascii=False)
    )


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


class LineHandler(logging.Handler):
    """Writes to an `Outlet`; after lines that were dropped, a line says how many."""

    def __init__(self, outlet: Outlet) -> None:
        super().__init__()
        self._outlet = outlet
        self._dropped = 0

    def emit(self, record: logging.LogRecord) -> None:
        if self._dropped and self._write(_dropped(self._dropped)):
            self._dropped = 0
        if not self._write(record):
            self._dropped += 1

    def flush(self) -> None:
        """Waits until the last line is written whole; the caller says for how long."""
        while not self._outlet.finish():
            time.sleep(_RETRY)

    def _write(self, record: logging.LogRecord) -> bool:
        try:
            return self._outlet.write((self.format(record) + "\n").encode())
        except Exception:  # the library would print the record's values, and wait for a reader
            return False


def _dropped(lines: int) -> logging.LogRecord:
    facts = {"levelname": "WARNING", "msg": "log lines dropped", "fields": {"lines": lines}}
    return logging.makeLogRecord(facts)


def set_up_logging(settings: Settings) -> None:
    """Log to stderr. To be called once, by the process that serves."""
    # What no line shows need not be found out (Logging HOWTO, "Optimization").
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = LineHandler(Outlet(_STDERR))
    people = settings.log_format == "text" or (settings.log_format == "auto" and os.isatty(_STDERR))
    handler.setFormatter(TextFormatter() if people else JsonFormatter())
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    if not settings.log_requests:
        for name in _ACCESS:
            logging.getLogger(name).setLevel(logging.WARNING)


def log_request(
    identity: str,
    status: int,
    answer: Answer | None,
    seconds: float,
    traceparent: str = "",
    namespace: str = "",
) -> None:
    """Log the line of a request; with ``namespace`` it is CloudWatch's metrics, by pair, too."""
    fields: dict[str, Any] = {"request_id": identity, "status": status}
    if traceparent:
        fields["traceparent"] = traceparent
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
        fields |= embedded(namespace, {"Pair": answer.pair}, _metrics(answer, seconds))
    access.info("request", extra={"fields": fields})


def _metrics(answer: Answer, seconds: float) -> dict[str, Values]:
    """The metrics by CloudWatch's names; warnings and batches only where there are some."""
    found: dict[str, Values] = {
        "Tokens": answer.tokens,
        "Segments": answer.segments,
        "CacheHits": answer.cached,
        "TranslationSeconds": round(seconds, 4),
        "QueueSeconds": round(answer.milliseconds["queue"] / 1000, 5),
    }
    if answer.batches:
        found["BatchSegments"] = list(answer.batches[:MAX_VALUES])
    warned = warnings.labels(answer.warning_counts)
    return found | {f"Warning.{code}": n for code, n in sorted(warned.items())}
