"""Two forms of the log, its level, and the lines of requests."""

import json
import logging
import os
import pty
import subprocess
import sys

import pytest

from serving.contract.log import JsonFormatter, TextFormatter
from serving.errors import HandlerError
from tests.running import ROOT

PROGRAM = """
import logging
from serving.contract.log import access, set_up_logging
from serving.settings import Settings
set_up_logging(Settings.from_environment())
logging.getLogger("x").warning("one")
logging.getLogger("x").info("two")
logging.getLogger("x").debug("three")
access.info("request", extra={"fields": {"status": 200}})
"""


def logged(stderr=subprocess.PIPE, **environment):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, **environment},
        stderr=stderr,
        text=True,
        check=True,
    ).stderr


def messages(**environment):
    return [json.loads(line)["message"] for line in logged(**environment).splitlines()]


def test_json_where_nobody_looks():
    assert messages() == ["one", "two", "request"]


def test_lines_for_people_on_a_terminal():
    ours, theirs = pty.openpty()
    logged(theirs)
    os.close(theirs)
    shown = os.read(ours, 4096).decode().splitlines()
    os.close(ours)
    assert [line.split(" ", 1)[1] for line in shown] == [
        "WARNING one",
        "two",
        "request  status=200",
    ]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("debug", ["one", "two", "three", "request"]),
        ("warning", ["one"]),
        ("error", []),
    ],
)
def test_a_level(level, expected):
    assert messages(SERVING_LOG_LEVEL=level) == expected


def test_requests_can_be_left_out():
    assert messages(SERVING_LOG_REQUESTS="0") == ["one", "two"]


def test_a_form_can_be_asked_for():
    assert "status=200" in logged(SERVING_LOG_FORMAT="text")


def record(message, error=None, **fields):
    made = logging.LogRecord("x", logging.ERROR, "", 0, message, (), None)
    made.fields = fields
    made.exc_info = (type(error), error, error.__traceback__) if error else None
    return made


def test_a_line_for_people_holds_nothing_that_a_terminal_obeys():
    made = record("bad\x1b[2J\nline", name="two words\x07", pairs=["a", "b"], milliseconds={"x": 1})
    line = TextFormatter().format(made)
    assert line.isprintable()
    assert line.endswith('name="two words\ufffd" pairs=a,b milliseconds.x=1')


@pytest.mark.parametrize("form", [TextFormatter, JsonFormatter])
def test_a_traceback_holds_no_values(form):
    try:
        raise ValueError("a user's text")
    except ValueError as error:
        text = form().format(record("failed", error))
    assert "ValueError" in text
    assert "test_log.py" in text
    assert "a user's text" not in text


def test_a_broken_contract_is_told():
    text = TextFormatter().format(record("failed", HandlerError("It returned 5.")))
    assert "HandlerError: It returned 5." in text
