"""docs/operations.md says what the code does."""

import re

import pytest

import serving.errors
from serving.errors import ServingError
from serving.metrics import METRICS
from serving.wire import tasks
from tests.running import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text()


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_table_of_metrics_is_that_of_the_code():
    section = PAGE.partition("## Metrics")[2].partition("\n## ")[0]
    found = [cells(line) for line in section.splitlines() if line.startswith("| `")]
    assert found == [
        [f"`{name}`", metric.kind, ", ".join(f"`{one}`" for one in metric.labels), metric.help]
        for name, metric in METRICS.items()
    ]


def codes():
    classes = [value for value in vars(serving.errors).values() if isinstance(value, type)]
    own = {(c.status, c.code) for c in classes if issubclass(c, ServingError)}
    # Never sent: it is always one of its kinds.
    return (own | set(tasks.CODES.items())) - {(503, "unavailable")}


@pytest.mark.parametrize(("status", "code"), sorted(codes()))
def test_every_error_is_explained(status, code):
    section = PAGE.partition("## Answers")[2].partition("## Log")[0]
    rows = [line for line in section.splitlines() if re.match(rf"\| .*\b{status}\b", line)]
    assert any(f"`{code}`" in row for row in rows), (status, code)


def test_every_message_of_the_log_is_explained():
    section = PAGE.partition("## Log")[2].partition("## Exit codes")[0]
    sources = [path.read_text() for path in (ROOT / "serving").rglob("*.py")]
    messages = {
        message.partition(";")[0].replace("%s", "…")
        for source in sources
        for message in re.findall(r'(?:log|access)\.\w+\(\s*f?"([^"]+)"', source)
    }
    assert "request … failed" in messages
    for message in messages:
        # One that goes on with what to do is shown by its first words.
        assert f"`{message}`" in section or f"`{message} …`" in section, message
