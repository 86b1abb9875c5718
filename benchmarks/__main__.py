"""`make bench`: measure all, write results, table and plots. Under 15 minutes on 2 CPUs."""

import json
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import large_model, machine, measures, plots, report
from benchmarks.corpus import ROOT
from benchmarks.figures import figures
from handlers import cpus

_RESULTS = ROOT / "benchmarks" / "results"
_DOCS = ROOT / "docs"


def main() -> int:
    found = measure()
    rows = figures(found)
    _RESULTS.mkdir(exist_ok=True)
    text = json.dumps({**found, "figures": [asdict(row) for row in rows]}, indent=1)
    (_RESULTS / "latest.json").write_text(text + "\n")
    plots.draw(found, _DOCS)
    report.write(_DOCS / "performance.md", found, rows)
    for row in rows:
        sign = "≥" if row.at_least else "≤"
        met = "" if row.is_met else "  MISSED"
        print(f"{row.name:54} {row.value:8.2f}  {sign} {row.goal:g}  {row.shown}{met}")
    return 0


def measure() -> dict[str, Any]:
    found: dict[str, Any] = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": machine.describe(),
    }
    count = cpus()
    with tempfile.TemporaryDirectory() as folder:
        steps = {
            "start": lambda: measures.start(count),
            "memory": lambda: measures.memory(count),
            "speed": lambda: measures.speed(count),
            "cache": measures.cache,
            "large": lambda: measures.large(large_model.make(Path(folder)), count),
        }
        for name, step in steps.items():
            started = time.monotonic()
            found[name] = step()
            print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
