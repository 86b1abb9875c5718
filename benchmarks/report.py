"""The measured part of `docs/performance.md`."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import price
from benchmarks.corpus import sentences
from benchmarks.figures import Figure

_START, _END = "<!-- measured -->", "<!-- /measured -->"


def write(page: Path, found: dict[str, Any], figures: list[Figure]) -> None:
    """Replaces what is between the page's two marks."""
    before, _, rest = page.read_text("utf-8").partition(_START)
    _, _, after = rest.partition(_END)
    body = "\n".join([*_machine(found), "", *_table(figures), "", *_price(found)])
    page.write_text(f"{before}{_START}\n{body}\n{_END}{after}", "utf-8")


def _machine(found: dict[str, Any]) -> Iterator[str]:
    facts = found["machine"]
    yield (
        f"Measured {found['date']} on {facts['cpus']} CPUs ({facts['cpu']}, "
        f"{facts['instructions']}), {facts['memory']}, {facts['system']}, "
        f"Python {facts['python']}; load average {facts['load']}; {facts['packages']}; "
        f"commit {facts['commit']}."
    )
    if float(facts["load"].split()[0]) > 0.5:
        yield ""
        yield "**The machine was busy with other things: these figures say little.**"


def _table(figures: Iterable[Figure]) -> Iterator[str]:
    yield "| figure | measured | rounds | goal | met | from |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for figure in figures:
        sign = "≥" if figure.at_least else "≤"
        met = "yes" if figure.is_met else "**no**"
        goal = f"{sign} {figure.goal:g}"
        rounds = "" if figure.lowest is None else f"{figure.lowest:.2f} – {figure.highest:.2f}"
        yield f"| {figure.name} | {figure.value:.2f} | {rounds} | {goal} | {met} | {figure.shown} |"


def _price(found: dict[str, Any]) -> Iterator[str]:
    """Of each model as it serves documents; what one does not cost depends on no memory."""
    lines = sentences()
    length = sum(map(len, lines)) / len(lines)
    rates = {name: rate / int(found["machine"]["cpus"]) for name, rate in _documents(found)}
    heads = [f"{name}, sentences/s | $ a million characters" for name in rates]
    yield f"| memory | vCPUs | {' | '.join(heads)} |"
    yield "| --- " * (2 + 2 * len(rates)) + "|"
    for gigabytes in range(1, 7):
        cpus = gigabytes * 1024 / price.MB_PER_CPU
        cells = [
            f"{cpus * rate:.1f} | {price.dollars(gigabytes, rate * length):.4f}"
            for rate in rates.values()
        ]
        yield f"| {gigabytes} GB | {cpus:.2f} | {' | '.join(cells)} |"


def _documents(found: dict[str, Any]) -> Iterator[tuple[str, float]]:
    yield "small model", _best(found["speed"], "document")
    yield "real model, beam 2", _best(found["real"], "document")
    yield "real model, beam 1", _best(found["real"], "document_beam_1")
    yield "large model", _best(found["large"], "document")


def _best(measured: dict[str, Any], name: str) -> float:
    return max(row[name] for row in measured["rounds"])
