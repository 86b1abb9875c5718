"""The table of docs/operations.md is what was recorded."""

import json

from tests.reliability.recording import OPERATIONS, with_table
from tests.running import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "reliability.json"
ROW = {"promise": "0 lost", "figure": "0 of 100", "test": "tests/reliability/test_x.py::test_y"}


def test_a_table_is_written_between_its_marks():
    page = with_table(OPERATIONS.read_text(), {"SIGTERM": ROW})
    assert "| SIGTERM | 0 lost | 0 of 100 | `test_x.py test_y` |\n<!-- reliability: end" in page
    assert with_table(page, {"SIGTERM": ROW}) == page


def test_the_page_shows_the_results_file():
    rows = json.loads(RESULTS.read_text())
    assert with_table(OPERATIONS.read_text(), rows) == OPERATIONS.read_text()
