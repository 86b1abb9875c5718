"""`docs/performance.md`: its settings are the code's, its measured part is generated."""

import json
import re
from dataclasses import asdict, fields

from handlers.engine.budget import Budget
from serving.settings import Settings
from tests.running import ROOT

PAGE = ROOT / "docs" / "performance.md"
ROW = re.compile(r"\| `((SERVING|ENGINE)_(\w+))` \| (\S+) \| (.+) \|")


def test_the_settings_are_those_of_the_code():
    known = {"SERVING": Settings, "ENGINE": Budget}
    rows = ROW.findall(PAGE.read_text("utf-8"))
    for name, prefix, field, default, meaning in rows:
        (setting,) = [s for s in fields(known[prefix]) if s.name == field.lower()]
        assert (str(setting.default), setting.metadata["help"]) == (default, meaning), name
    named = {name for name, prefix, *_ in rows if prefix == "ENGINE"}
    assert named == {f"ENGINE_{setting.name.upper()}" for setting in fields(Budget)}


def test_the_table_is_the_last_results(tmp_path):
    from benchmarks import report
    from benchmarks.figures import figures

    found = json.loads((ROOT / "benchmarks" / "results" / "latest.json").read_text())
    rows = figures(found)
    assert [asdict(row) for row in rows] == found["figures"]
    copy = tmp_path / "performance.md"
    copy.write_text(PAGE.read_text("utf-8"), "utf-8")
    report.write(copy, found, rows)
    assert copy.read_text("utf-8") == PAGE.read_text("utf-8")
    assert all(f"| {row.name} | {row.value:.2f} |" in copy.read_text("utf-8") for row in rows)
