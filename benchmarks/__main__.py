"""`make bench`: measure all, write results, table and plots. Under 12 minutes on 2 CPUs."""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import history, machine, measures, report
from benchmarks.corpus import ROOT
from benchmarks.figures import figures
from handlers import cpus

_RESULTS = ROOT / "benchmarks" / "results"
_DOCS = ROOT / "docs"


def main() -> int:
    options = _parser().parse_args()
    bears_all = options.quick or options.busy
    if not bears_all and (busy := machine.busy()):
        print(f"{busy} Nothing was measured; --busy (make bench BUSY=1) does so all the same.")
        return 2
    before = machine.stolen()
    found = measure(measures.QUICK if options.quick else measures.Scale())
    found["machine"]["stolen"] = f"{100 * machine.stolen_since(before):.1f} %"
    rows = figures(found)
    if not bears_all and machine.stolen_since(before) > machine.MAX_STOLEN:
        stolen = found["machine"]["stolen"]
        print(f"Others took {stolen} of the CPUs meanwhile: nothing was written.")
        return 2
    results, docs = (options.out, options.out) if options.quick else (_RESULTS, _DOCS)
    results.mkdir(exist_ok=True)
    text = json.dumps({**found, "figures": [asdict(row) for row in rows]}, indent=1)
    (results / "latest.json").write_text(text + "\n")
    from benchmarks import plots  # matplotlib, of this environment only

    plots.draw(found, docs)
    history.add(results / "history.csv", found, rows)
    report.write(docs / "performance.md", found, rows)
    for row in rows:
        sign = "≥" if row.at_least else "≤"
        met = "" if row.is_met else "  MISSED"
        print(f"{row.name:54} {row.value:8.2f}  {sign} {row.goal:g}  {row.shown}{met}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute; the figures mean nothing")
    parser.add_argument("--busy", action="store_true", help="though others use the machine")
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
            "real": lambda: measures.real(scale, place, count),
            "large": lambda: measures.large(scale, place, count),
        }
        for name, step in steps.items():
            started = time.monotonic()
            found[name] = step()
            print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
