"""All figures of all runs, so that a regression is seen: compare rows of one machine kind."""

import csv
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.figures import Figure

COLUMNS = ("machine", "date", "commit", "stolen", "figure", "median", "lowest", "highest", "goal")


def add(path: Path, found: dict[str, Any], figures: list[Figure]) -> None:
    """A row for each figure at the end of the table."""
    facts = found["machine"]
    is_new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        if is_new:
            table.writerow(COLUMNS)
        for figure in figures:
            measured = [_short(x) for x in (figure.value, figure.lowest, figure.highest)]
            run = [machine.kind(facts), found["date"], facts["commit"], facts.get("stolen", "")]
            table.writerow([*run, figure.name, *measured, f"{figure.goal:g}"])


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
