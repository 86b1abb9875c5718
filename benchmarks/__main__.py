"""`make bench`: measure all, write results, table and plots. Under 15 minutes on 2 CPUs."""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import machine, measures, plots, report
from benchmarks.corpus import ROOT
from benchmarks.figures import figures
from handlers import cpus

_RESULTS = ROOT / "benchmarks" / "results"
_DOCS = ROOT / "docs"


def main() -> int:
    options = _parser().parse_args()
    found = measure(measures.QUICK if options.quick else measures.Scale())
    rows = figures(found)
    results, docs = (options.out, options.out) if options.quick else (_RESULTS, _DOCS)
    results.mkdir(exist_ok=True)
    text = json.dumps({**found, "figures": [asdict(row) for row in rows]}, indent=1)
    (results / "latest.json").write_text(text + "\n")
    plots.draw(found, docs)
    report.write(docs / "performance.md", found, rows)
    for row in rows:
        sign = "≥" if row.at_least else "≤"
        met = "" if row.is_met else "  MISSED"
        print(f"{row.name:54} {row.value:8.2f}  {sign} {row.goal:g}  {row.shown}{met}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute; the figures mean nothing")
    parser.add_argument("--out", type=Path, help="where --quick writes; holds a performance.md")
    return parser


def measure(scale: measures.Scale) -> dict[str, Any]:
    found: dict[str, Any] = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": machine.describe(),
    }
    count = cpus()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        steps = {
            "start": lambda: measures.start(scale, count),
            "memory": lambda: measures.memory(scale, place, count),
            "speed": lambda: measures.speed(scale, place, count),
            "cache": lambda: measures.cache(scale),
            "large": lambda: measures.large(scale, place, count),
        }
        for name, step in steps.items():
            started = time.monotonic()
            found[name] = step()
            print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
