"""Where the measured figures go: a JSON file, and the table in docs/operations.md."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running import ROOT

OPERATIONS = ROOT / "docs" / "operations.md"
START, END = "<!-- reliability: written by make soak -->\n", "<!-- reliability: end -->"


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Callable[[str, str, str], None]:
    """``record(row, promise, figure)``: one line of the table of reliability.

    Writes only under ``make soak``, which names the file in RELIABILITY_RESULTS.
    """

    def write(row: str, promise: str, figure: str) -> None:
        if name := os.environ.get("RELIABILITY_RESULTS"):
            path = ROOT / name
            path.parent.mkdir(parents=True, exist_ok=True)
            rows = json.loads(path.read_text()) if path.exists() else {}
            test = request.node.nodeid.partition("[")[0]
            rows[row] = {"promise": promise, "figure": figure, "test": test}
            path.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
            OPERATIONS.write_text(with_table(OPERATIONS.read_text(), rows))

    return write


def with_table(page: str, rows: dict[str, dict[str, str]]) -> str:
    """The page with the table between its two marks made anew."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return before + START + table(rows) + END + after


def table(rows: dict[str, dict[str, str]]) -> str:
    lines = ["| What happens | What is promised | Measured | Test |", "| --- | --- | --- | --- |"]
    for row, facts in rows.items():
        test = Path(facts["test"]).name.replace("::", " ")
        lines.append(f"| {row} | {facts['promise']} | {facts['figure']} | `{test}` |")
    return "\n".join(lines) + "\n"
