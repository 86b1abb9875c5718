"""Throughput and latency by number of clients, as SVG."""

from pathlib import Path
from statistics import median
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

mpl.rcParams["svg.hashsalt"] = "benchmarks"  # equal data, equal file


def draw(found: dict[str, Any], folder: Path) -> None:
    rows = found["speed"]["clients"]
    raw = median(row["raw_document"] for row in found["speed"]["rounds"])
    _throughput(rows, raw, folder / "performance-throughput.svg")
    _latency(rows, folder / "performance-latency.svg")


def _throughput(rows: list[dict[str, Any]], raw: float, path: Path) -> None:
    figure, axes = _axes("sentences a second")
    clients = [row["clients"] for row in rows]
    axes.axhline(raw, color="gray", linestyle="--", label="the engine alone, one document")
    for name, label in (("ours", "this server"), ("plain", "Flask, gunicorn, nginx")):
        rates = [max(load["rate"] for load in row[name]) for row in rows]
        axes.plot(clients, rates, marker="o", label=label)
    axes.set_ylim(bottom=0)
    _save(figure, axes, path)


def _latency(rows: list[dict[str, Any]], path: Path) -> None:
    figure, axes = _axes("milliseconds")
    clients = [row["clients"] for row in rows]
    for name, label in (("ours", "this server"), ("plain", "Flask, gunicorn, nginx")):
        for percentile, style in (("p50", "-"), ("p99", ":")):
            times = [min(load[percentile] for load in row[name]) for row in rows]
            axes.plot(clients, times, style, marker="o", label=f"{label}, {percentile}")
    axes.set_yscale("log")
    _save(figure, axes, path)


def _axes(unit: str) -> tuple[Figure, Any]:
    figure = Figure(figsize=(7, 4))
    axes = figure.subplots()
    axes.set_xscale("log", base=2)
    axes.set_xlabel("clients, each with one sentence a request")
    axes.set_ylabel(unit)
    axes.grid(alpha=0.3)
    return figure, axes


def _save(figure: Figure, axes: Any, path: Path) -> None:
    ticks = sorted({int(x) for line in axes.lines for x in line.get_xdata() if x >= 1})
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
