"""The figures with their goals, from what was measured."""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
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
    """Of the rounds, whose median ``value`` is."""

    @property
    def is_met(self) -> bool:
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def figures(found: dict[str, Any]) -> list[Figure]:
    return [
        *_throughput(found["speed"]["rounds"]),
        *_latency(found["speed"]["rounds"]),
        *_large(found["large"]["rounds"]),
        *_start(found["start"]),
        *_memory(found["memory"]),
        _steadiness(found["speed"]["clients"]),
        _cache(found["cache"]),
        *_later(found),
    ]


def _later(found: dict[str, Any]) -> Iterable[Figure]:
    """What results from before November 2026 do not have."""
    speed = found["speed"]["rounds"]
    if "array" in speed[0]:
        yield _array("small model", speed)
        yield _of_rounds(
            "128 clients ÷ raw",
            speed,
            lambda r: r["very_many"]["rate"] / r["raw_document"],
            0.8,
            shown=_rates(speed, lambda r: r["very_many"]["rate"], lambda r: r["raw_document"]),
        )
    if "real" in found:
        rounds = found["real"]["rounds"]
        yield _document("real model, document ÷ raw", rounds)
        yield _array("real model", rounds)
        yield _lone("real model, lone sentence, p50 − raw p50, ms", rounds)
        yield _document("large model, document ÷ raw", found["large"]["rounds"])


def _document(name: str, rounds: list[dict[str, Any]]) -> Figure:
    shown = _rates(rounds, lambda r: r["document"], lambda r: r["raw_document"])
    return _of_rounds(name, rounds, lambda r: r["document"] / r["raw_document"], 0.95, shown=shown)


def _array(model: str, rounds: list[dict[str, Any]]) -> Figure:
    shown = _rates(rounds, lambda r: r["array"], lambda r: r["raw_array"])
    name = f"{model}, 50 short texts in a request ÷ raw"
    return _of_rounds(name, rounds, lambda r: r["array"] / r["raw_array"], 0.95, shown=shown)


def _lone(name: str, rounds: list[dict[str, Any]]) -> Figure:
    lone, raw = (
        _median(rounds, lambda r: r["lone"]["p50"]),
        _median(rounds, lambda r: r["raw_lone_ms"]),
    )
    return _of_rounds(
        name,
        rounds,
        lambda r: r["lone"]["p50"] - r["raw_lone_ms"],
        1.0,
        at_least=False,
        shown=f"{lone:.1f} and {raw:.1f} ms",
    )


def _rates(
    rounds: list[dict[str, Any]], one: Callable[..., float], two: Callable[..., float]
) -> str:
    return f"{_median(rounds, one):.0f} and {_median(rounds, two):.0f} sentences/s"


def _of_rounds(
    name: str,
    rounds: list[dict[str, Any]],
    value: Callable[..., float],
    goal: float,
    at_least: bool = True,
    shown: str = "",
) -> Figure:
    values = [value(row) for row in rounds]
    median = statistics.median(values)
    return Figure(name, median, goal, at_least, shown, min(values), max(values))


def _throughput(rounds: list[dict[str, Any]]) -> Iterable[Figure]:
    raw = _median(rounds, lambda r: r["raw_document"])
    many = _median(rounds, lambda r: r["many"]["rate"])
    plain = _median(rounds, lambda r: r["plain_many"]["rate"])
    yield _document("one document of 2 000 sentences ÷ raw", rounds)
    yield _of_rounds(
        "32 clients ÷ raw",
        rounds,
        lambda r: r["many"]["rate"] / r["raw_document"],
        0.75,
        shown=f"{many:.0f} and {raw:.0f} sentences/s",
    )
    yield _of_rounds(
        "32 clients ÷ plain",
        rounds,
        lambda r: r["many"]["rate"] / r["plain_many"]["rate"],
        6,
        shown=f"{many:.0f} and {plain:.0f} sentences/s",
    )


def _latency(rounds: list[dict[str, Any]]) -> Iterable[Figure]:
    p99 = _median(rounds, lambda r: r["many"]["p99"])
    plain = _median(rounds, lambda r: r["plain_many"]["p50"])
    beside = _median(rounds, lambda r: r["beside_document"]["p95"])
    idle = _median(rounds, lambda r: r["lone"]["p95"])
    yield _lone("lone sentence, p50 − raw p50, ms", rounds)
    yield _of_rounds(
        "p99 under 32 clients ÷ plain's p50 there",
        rounds,
        lambda r: r["many"]["p99"] / r["plain_many"]["p50"],
        0.25,
        at_least=False,
        shown=f"{p99:.0f} and {plain:.0f} ms",
    )
    yield _of_rounds(
        "lone sentence beside documents, p95 ÷ idle p95",
        rounds,
        lambda r: r["beside_document"]["p95"] / r["lone"]["p95"],
        4,
        at_least=False,
        shown=f"{beside:.1f} and {idle:.1f} ms",
    )


def _large(rounds: list[dict[str, Any]]) -> Iterable[Figure]:
    raw = _median(rounds, lambda r: r["raw_document"])
    many = _median(rounds, lambda r: r["many"]["rate"])
    yield _of_rounds(
        "large model, 32 clients ÷ raw",
        rounds,
        lambda r: r["many"]["rate"] / r["raw_document"],
        0.9,
        shown=f"{many:.1f} and {raw:.1f} sentences/s",
    )


def _start(rounds: list[dict[str, float]]) -> Iterable[Figure]:
    ours, first, plain = (
        _median(rounds, lambda r, name=name: r[name])
        for name in ("ours", "first_translation", "plain")
    )
    yield _of_rounds(
        "start to ready ÷ import, load, one translation",
        rounds,
        lambda r: r["ours"] / r["first_translation"],
        1.25,
        at_least=False,
        shown=f"{1000 * ours:.0f} and {1000 * first:.0f} ms",
    )
    yield _of_rounds(
        "start to ready ÷ plain's to its first translation",
        rounds,
        lambda r: r["ours"] / r["plain"],
        0.6,
        at_least=False,
        shown=f"{1000 * ours:.0f} and {1000 * plain:.0f} ms",
    )


def _memory(found: dict[str, float]) -> Iterable[Figure]:
    yield Figure(
        "memory idle ÷ plain's",
        found["idle"] / found["plain_idle"],
        0.6,
        at_least=False,
        shown=f"{found['idle']:.0f} and {found['plain_idle']:.0f} MB",
    )
    yield Figure(
        "peak memory of the document ÷ raw's",
        found["document"] / found["raw_document"],
        1.25,
        at_least=False,
        shown=f"{found['document']:.0f} and {found['raw_document']:.0f} MB",
    )


def _steadiness(sweep: list[dict[str, Any]]) -> Figure:
    """The lowest throughput from 2 clients on, as a part of the best with fewer clients."""
    rates = [max(load["rate"] for load in row["ours"]) for row in sweep if row["clients"] >= 2]
    worst = min(rate / max(rates[: at + 1]) for at, rate in enumerate(rates))
    shown = " → ".join(f"{rate:.0f}" for rate in rates)
    return Figure("2 to 64 clients, lowest ÷ best before", worst, 0.95, shown=shown)


def _cache(rounds: list[dict[str, float]]) -> Figure:
    with_, without = (_median(rounds, lambda r, name=name: r[name]) for name in ("with", "without"))
    return _of_rounds(
        "half of the segments seen before ÷ without a cache",
        rounds,
        lambda r: r["with"] / r["without"],
        1.8,
        shown=f"{with_:.0f} and {without:.0f} sentences/s",
    )


def _median(rows: Iterable[dict[str, Any]], value: Callable[..., float]) -> float:
    return statistics.median(value(row) for row in rows)
