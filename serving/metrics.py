"""What this process has done, as Prometheus reads it: text format 0.0.4, names with their units."""

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
_SEGMENTS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)

Labels = tuple[str, ...]


@dataclass(frozen=True)
class Metric:
    """``labels`` take few values: a pair that is served, a status, never a caller's own word."""

    help: str
    kind: str = "counter"
    labels: Labels = ()
    bounds: tuple[float, ...] = ()


METRICS = {
    "translation_requests_total": Metric(
        "Translation requests, by interface and status.", labels=("pair", "dialect", "status")
    ),
    "translation_request_duration_seconds": Metric(
        "From a request's headers to its answer.", "histogram", ("pair", "dialect"), _SECONDS
    ),
    "translation_characters_total": Metric(
        "Characters of the texts that were translated.", labels=("pair", "dialect")
    ),
    "translation_tokens_total": Metric("Tokens that the model was asked for.", labels=("pair",)),
    "translation_segments_total": Metric("Segments asked for.", labels=("pair",)),
    "translation_cache_hits_total": Metric("Segments that needed no model.", labels=("pair",)),
    "translation_warnings_total": Metric(
        "Warnings, by code; a handler's own codes are `other`.", labels=("pair", "code")
    ),
    "translation_queue_seconds": Metric(
        "From a request's first question to the model until it is worked on.",
        *("histogram", ("pair",), _SECONDS),
    ),
    "translation_batch_segments": Metric("Segments in a batch.", "histogram", ("pair",), _SEGMENTS),
    "translation_in_flight": Metric("Requests that have a place.", "gauge"),
    "translation_start_seconds": Metric("From the process's start to readiness.", "gauge"),
    "translation_model_info": Metric(
        "1 for each model that is served.", "gauge", ("pair", "name", "version")
    ),
}


@dataclass
class _Distribution:
    counts: list[int]
    total: float = 0.0


@dataclass
class _Kept:
    numbers: dict[Labels, float] = field(default_factory=dict)
    distributions: dict[Labels, _Distribution] = field(default_factory=dict)


class Metrics:
    """Counters, gauges and histograms of `METRICS`. Safe to call from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept = {name: _Kept() for name in METRICS}
        self._gauges: dict[str, Callable[[], float]] = {}

    def add(self, name: str, *labels: object, by: float = 1) -> None:
        values = tuple(map(str, labels))
        with self._lock:
            numbers = self._kept[name].numbers
            numbers[values] = numbers.get(values, 0) + by

    def set(self, name: str, *labels: object, to: float) -> None:
        with self._lock:
            self._kept[name].numbers[tuple(map(str, labels))] = to

    def read(self, name: str, gauge: Callable[[], float]) -> None:
        """Call the function for the value of ``gauge`` whenever the metrics are read."""
        self._gauges[name] = gauge

    def observe(self, name: str, value: float, *labels: object) -> None:
        values, bounds = tuple(map(str, labels)), METRICS[name].bounds
        with self._lock:
            known = self._kept[name].distributions.get(values)
            if known is None:
                known = _Distribution([0] * (len(bounds) + 1))
                self._kept[name].distributions[values] = known
            known.counts[bisect_left(bounds, value)] += 1
            known.total += value

    def count_request(
        self, pair: str, dialect: str, status: int, seconds: float, characters: int | None
    ) -> None:
        """Count a translation request; ``characters`` is None where nothing was translated."""
        self.add("translation_requests_total", pair, dialect, status)
        self.observe("translation_request_duration_seconds", seconds, pair, dialect)
        if characters is not None:
            self.add("translation_characters_total", pair, dialect, by=characters)

    def text(self) -> str:
        for name, gauge in self._gauges.items():
            self.set(name, to=gauge())
        with self._lock:
            return "".join(line + "\n" for name in METRICS for line in self._lines(name))

    def _lines(self, name: str) -> Iterator[str]:
        metric, kept = METRICS[name], self._kept[name]
        if not kept.numbers and not kept.distributions:
            return
        yield f"# HELP {name} {metric.help}"
        yield f"# TYPE {name} {metric.kind}"
        for values, number in sorted(kept.numbers.items()):
            yield _line(name, dict(zip(metric.labels, values, strict=True)), number)
        for values, found in sorted(kept.distributions.items()):
            labels = dict(zip(metric.labels, values, strict=True))
            total = 0
            for bound, count in zip((*metric.bounds, "+Inf"), found.counts, strict=True):
                total += count
                yield _line(f"{name}_bucket", {**labels, "le": f"{bound}"}, total)
            yield _line(f"{name}_sum", labels, found.total)
            yield _line(f"{name}_count", labels, total)


def _line(name: str, labels: Mapping[str, str], value: float) -> str:
    shown = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{shown}}} {value:.10g}" if shown else f"{name} {value:.10g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
