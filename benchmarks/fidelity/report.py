"""The tables of docs/text.md."""

from collections.abc import Mapping
from pathlib import Path

from benchmarks.fidelity.measure import Row

START, END = "<!-- fidelity -->\n", "<!-- /fidelity -->"


def tables(
    rows: Mapping[tuple[str, str], Row],
    splits: Mapping[str, tuple[int, int]],
    corruptions: Mapping[str, tuple[int, int]],
) -> str:
    lines = [
        "| model | set | texts | in pieces | something lost | chrF to the model's own | "
        "of those in pieces | alarms |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for (model, name), row in rows.items():
        if model.startswith("none"):
            continue
        pieces = f"{row.in_pieces} ({row.in_pieces / row.texts:.1%})"
        scores = _score(row.chrf), _score(row.chrf_in_pieces)
        cells = (model, name, row.texts, pieces, row.lost, *scores, row.alarms)
        lines.append(f"| {' | '.join(map(str, cells))} |")
    none = [row for (model, _), row in rows.items() if model.startswith("none")]
    changed = sum(row.texts - row.unchanged for row in none)
    flagged = sum(row.alarms + row.in_pieces for row in none)
    lines += [
        "",
        f"A model that changes nothing: {changed} of {sum(row.texts for row in none)} texts "
        f"changed, {flagged} warnings.",
        "",
        "Hard sentence ends wrong: "
        + ", ".join(f"{code} {wrong} of {cases}" for code, (wrong, cases) in splits.items())
        + ".",
    ]
    if corruptions:
        told = (f"{name} {seen} of {made}" for name, (made, seen) in corruptions.items())
        lines += ["", f"Corrupted on purpose, and flagged: {', '.join(told)}."]
    return "\n".join(lines) + "\n"


def _score(score: float | None) -> str:
    return "" if score is None else f"{score:.1f}"


def write(page: Path, found: str) -> None:
    """Between two comments of the page."""
    text = page.read_text("utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{START}{found}{END}{after}", "utf-8")
