"""The tables of docs/text.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.fidelity.measure import Row

START, END = "<!-- fidelity -->\n", "<!-- /fidelity -->"


@dataclass
class Found:
    """What was measured."""

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    """By pair, or ``none, SOURCE`` for the model that changes nothing, and set."""
    single: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By pair: sentences that came back as the model says them, of how many."""
    corrupted: dict[str, Mapping[str, tuple[int, int]]] = field(default_factory=dict)
    """By pair and kind of corruption: how many there were, and how many were flagged."""
    peers: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    """By program, pair and set."""


def changed(found: Found) -> int:
    """Texts that were changed, or warned of, where the model changes nothing."""
    return sum(row.texts - row.unchanged + row.alarms + row.in_pieces for row in _none(found))


def _none(found: Found) -> list[Row]:
    return [row for (model, _), row in found.rows.items() if model.startswith("none")]


def tables(found: Found, splits: Mapping[str, tuple[int, int]]) -> str:
    lines = [
        "| model | set | texts | in pieces | something lost | chrF to the model's own | "
        "of those in pieces | alarms |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for (model, name), row in found.rows.items():
        if not model.startswith("none"):
            pieces = f"{row.in_pieces} ({row.in_pieces / row.texts:.1%})"
            scores = _score(row.chrf), _score(row.chrf_in_pieces)
            lines.append(_line(model, name, row.texts, pieces, row.lost, *scores, row.alarms))
    none = _none(found)
    lines += [
        "",
        f"A model that changes nothing: of {sum(row.texts for row in none)} texts "
        f"{changed(found)} were changed or warned of.",
        "",
        "Hard sentence ends wrong: "
        + ", ".join(f"{code} {wrong} of {cases}" for code, (wrong, cases) in splits.items())
        + ".",
    ]
    for pair, (same, count) in found.single.items():
        lines += ["", f"Single sentences as the model alone says them, {pair}: {same} of {count}."]
    for pair, kinds in found.corrupted.items():
        told = (f"{name} {seen} of {made}" for name, (made, seen) in kinds.items())
        lines += ["", f"Corrupted on purpose, and flagged, {pair}: {', '.join(told)}."]
    if found.peers:
        lines += ["", "| program | model | set | tags lost in | chrF to the model's own |"]
        lines.append("| --- | --- | --- | --- | --- |")
        for (program, pair, name), row in found.peers.items():
            lost = f"{row.lost} of {row.texts}"
            lines.append(_line(program, pair, name, lost, _score(row.chrf)))
    return "\n".join(lines) + "\n"


def _line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _score(score: float | None) -> str:
    return "" if score is None else f"{score:.1f}"


def write(page: Path, found: str) -> None:
    """Between two comments of the page."""
    text = page.read_text("utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{START}{found}{END}{after}", "utf-8")
