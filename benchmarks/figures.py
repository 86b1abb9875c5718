"""The figures with their goals, from what was measured."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figure:
    """``value`` is met when it is at least, or at most, ``goal``."""

    name: str
    value: float
    goal: float
    at_least: bool = True
    shown: str = ""
    """What it was computed from."""
    lowest: float | None = None
    highest: float | None = None
    """Of the rounds, whose median ``value`` is; None for a single measurement."""

    @property
    def is_met(self) -> bool:
        return self.value >= self.goal if self.at_least else self.value <= self.goal


@dataclass(frozen=True)
class Comparison:
    """A figure of two measures of each round: ``one`` by ``two``, of ``part`` of the results."""

    name: str
    part: str
    one: str
    two: str
    goal: float
    at_least: bool = True
    shown: str = "{:.0f} and {:.0f} sentences/s"
    """The medians of both measures, each times ``factor``."""
    factor: float = 1
    by: Callable[[float, float], float] = operator.truediv

    def figure(self, found: dict[str, Any]) -> Figure:
        rounds = _rounds(found[self.part])
        ones, twos = ([_measure(row, path) for row in rounds] for path in (self.one, self.two))
        shown = self.shown.format(*(self.factor * median(own) for own in (ones, twos)))
        values = list(map(self.by, ones, twos))
        spread = (min(values), max(values)) if len(values) > 1 else ()
        return Figure(self.name, median(values), self.goal, self.at_least, shown, *spread)


def _rounds(part: Any) -> list[dict[str, Any]]:
    return part if isinstance(part, list) else part.get("rounds", [part])


def _measure(row: dict[str, Any], path: str) -> float:
    return reduce(operator.getitem, path.split("."), row)


_MS, _EXACT_MS, _MB = "{:.0f} and {:.0f} ms", "{:.1f} and {:.1f} ms", "{:.0f} and {:.0f} MB"


def _document(name: str, part: str) -> Comparison:
    return Comparison(name, part, "document", "raw_document", 0.95)


def _array(model: str, part: str) -> Comparison:
    name = f"{model}, 50 short texts in a request ÷ raw"
    return Comparison(name, part, "array", "raw_array", 0.95)


def _lone(name: str, part: str) -> Comparison:
    how = (False, _EXACT_MS, 1, operator.sub)
    return Comparison(name, part, "lone.p50", "raw_lone_ms", 1.0, *how)


def _lone_large(threads: str, measure: str) -> Comparison:
    name = f"large model, lone sentence, {threads} ÷ raw with its best number of threads"
    return Comparison(name, "large", f"{measure}.p50", "raw_lone_ms", 1.05, False, _EXACT_MS)


# fmt: off
_COMPARISONS = (
    _document("one document of 2 000 sentences ÷ raw", "speed"),
    Comparison("32 clients ÷ raw", "speed", "many.rate", "raw_document", 0.75),
    Comparison("32 clients ÷ plain", "speed", "many.rate", "plain_many.rate", 6),
    _lone("lone sentence, p50 − raw p50, ms", "speed"),
    Comparison("p99 under 32 clients ÷ plain's p50 there",
               "speed", "many.p99", "plain_many.p50", 0.25, False, _MS),
    Comparison("lone sentence beside documents, p95 ÷ idle p95",
               "speed", "beside_document.p95", "lone.p95", 4, False, _EXACT_MS),
    Comparison("large model, 32 clients ÷ raw", "large", "many.rate", "raw_document", 0.9,
               shown="{:.1f} and {:.1f} sentences/s"),
    Comparison("start to ready ÷ import, load, one translation",
               "start", "ours", "first_translation", 1.25, False, _MS, 1000),
    Comparison("start to ready ÷ plain's to its first translation",
               "start", "ours", "plain", 0.6, False, _MS, 1000),
    Comparison("memory idle ÷ plain's", "memory", "idle", "plain_idle", 0.6, False, _MB),
    Comparison("peak memory of the document ÷ raw's",
               "memory", "document", "raw_document", 1.25, False, _MB),
)
_OTHERS = (
    Comparison("half of the segments seen before ÷ without a cache",
               "cache", "with", "without", 1.8),
    _array("small model", "speed"),
    Comparison("128 clients ÷ raw", "speed", "very_many.rate", "raw_document", 0.8),
    _document("real model, document ÷ raw", "real"),
    _array("real model", "real"),
    _lone("real model, lone sentence, p50 − raw p50, ms", "real"),
    _document("large model, document ÷ raw", "large"),
    Comparison("32 clients ÷ the engine replaying their batches",
               "speed", "many.rate", "replay", 0.92),
    _lone_large("one thread, the default", "lone"),
    _lone_large("a thread a CPU", "lone_threaded"),
)
# fmt: on


def figures(found: dict[str, Any]) -> list[Figure]:
    """All figures of a result of `make bench`, in the order of its table."""
    return [
        *(each.figure(found) for each in _COMPARISONS),
        _steadiness(found["speed"]["clients"]),
        *(each.figure(found) for each in _OTHERS),
    ]


def _steadiness(sweep: list[dict[str, Any]]) -> Figure:
    """The lowest throughput from 2 clients on, as a part of the best with fewer clients."""
    rates = [max(load["rate"] for load in row["ours"]) for row in sweep if row["clients"] >= 2]
    worst = min(rate / max(rates[: at + 1]) for at, rate in enumerate(rates))
    shown = " → ".join(f"{rate:.0f}" for rate in rates)
    return Figure("2 to 64 clients, lowest ÷ best before", worst, 0.95, shown=shown)
