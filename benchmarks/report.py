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
    yield "| figure | measured | goal | met | from |"
    yield "| --- | --- | --- | --- | --- |"
    for figure in figures:
        sign = "≥" if figure.at_least else "≤"
        met = "yes" if figure.is_met else "**no**"
        goal = f"{sign} {figure.goal:g}"
        yield f"| {figure.name} | {figure.value:.2f} | {goal} | {met} | {figure.shown} |"


def _price(found: dict[str, Any]) -> Iterator[str]:
    lines = sentences()
    length = sum(map(len, lines)) / len(lines)
    rate = max(row["document"] for row in found["speed"]["rounds"]) / int(found["machine"]["cpus"])
    large = max(row["document"] for row in found["large"]["rounds"]) / int(found["machine"]["cpus"])
    yield (
        "| memory | vCPUs | small model, sentences/s | characters/s | $ a million characters "
        "| large model, sentences/s | $ a million characters |"
    )
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for gigabytes in range(1, 7):
        cpus = gigabytes * 1024 / price.MB_PER_CPU
        yield (
            f"| {gigabytes} GB | {cpus:.2f} | {cpus * rate:.0f} | {cpus * rate * length:.0f} "
            f"| {price.dollars(gigabytes, rate * length):.4f} | {cpus * large:.1f} "
            f"| {price.dollars(gigabytes, large * length):.3f} |"
        )
