"""The stack's CloudWatch dashboard, as the JSON that CloudWatch takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from infra.capacity import VARIANT
from infra.documents import Documents
from infra.settings import Settings

# US dollars a GB-second of serverless inference, as published for us-east-1 in 2023.
PRICE = 0.00002
_WIDTH, _HEIGHT = 12, 6  # of a widget, in CloudWatch's grid of 24 columns

THROTTLED = "Throttled"
COUNTS_FAILED = "CountsFailed"
QUEUED = "ApproximateNumberOfMessagesVisible"
DIALECTS = ("libretranslate", "deepl")

Metric = list[Any]


@dataclass(frozen=True)
class Watched:
    """What there is to see: the API, the function, each pair's endpoint and its memory in MB,
    documents where there are any.

    An endpoint on machines has no such memory, and no cost that its metrics tell. `namespace` is
    that of the metrics in the log lines of function and containers; `answers`, below it, has those
    that filters of the access log make.
    """

    settings: Settings
    api_id: pulumi.Input[str]
    function_name: pulumi.Input[str]
    endpoints: Mapping[str, pulumi.Input[str]]
    documents: Documents | None

    @property
    def region(self) -> str:
        return self.settings.region

    @property
    def memories(self) -> Mapping[str, int]:
        return self.settings.memories

    @property
    def namespace(self) -> str:
        return self.settings.name

    @property
    def answers(self) -> str:
        return f"{self.namespace}/answers"


def make_dashboard(watched: Watched) -> dict[str, Any]:
    """The dashboard's body: widgets two abreast, names as outputs."""
    charts = [_requests, _latency, _invocations, _model_latency, _cold_starts, _errors]
    charts += [_throttles, _memory, _cost, _price, _characters, _dialects, _queue, _batches]
    charts += [_cache, _warnings, _counts, *([_documents] if watched.documents else [])]
    widgets = [_place(i, chart(watched)) for i, chart in enumerate(charts)]
    return {"widgets": widgets}


def endpoint_dimensions(name: pulumi.Input[str]) -> dict[str, pulumi.Input[str]]:
    """What SageMaker tells an endpoint's metrics apart by."""
    return {"EndpointName": name, "VariantName": VARIANT}


def _place(i: int, properties: dict[str, Any]) -> dict[str, Any]:
    place = {"x": i % 2 * _WIDTH, "y": i // 2 * _HEIGHT, "width": _WIDTH, "height": _HEIGHT}
    return {"type": "metric", **place, "properties": properties}


def _chart(
    watched: Watched, title: str, metrics: Sequence[Metric], stat: str, label: str = ""
) -> dict[str, Any]:
    chart = {
        "title": title,
        "region": watched.region,
        "view": "timeSeries",
        "period": 300,
        "stat": stat,
        "metrics": list(metrics),
    }
    return {**chart, "yAxis": {"left": {"min": 0, "label": label}}} if label else chart


def _api(watched: Watched, name: str, **options: Any) -> Metric:
    return ["AWS/ApiGateway", name, "ApiId", watched.api_id, options]


def _function(watched: Watched, name: str, **options: Any) -> Metric:
    return ["AWS/Lambda", name, "FunctionName", watched.function_name, options]


def _each(
    watched: Watched, name: str, namespace: str = "AWS/SageMaker", **options: Any
) -> list[Metric]:
    """The metric of every endpoint; `{}` in a label stands for the pair."""
    label = options.pop("label", "{}")
    return [
        [namespace, name, "EndpointName", endpoint, "VariantName", VARIANT,
         {"label": label.format(pair), **options}]
        for pair, endpoint in watched.endpoints.items()
    ]  # fmt: skip


def _requests(watched: Watched) -> dict[str, Any]:
    lines = [
        _api(watched, "Count", label="requests"),
        _api(watched, "4xx", label="refused (4xx)"),
        _api(watched, "5xx", label="failed (5xx)"),
    ]
    return _chart(watched, "Requests", lines, "Sum")


def _latency(watched: Watched) -> dict[str, Any]:
    lines = [_api(watched, "Latency", stat=stat, label=stat) for stat in ("p50", "p95", "p99")]
    return _chart(watched, "Latency of the API", lines, "p50", "ms")


def _invocations(watched: Watched) -> dict[str, Any]:
    return _chart(watched, "Translations by model", _each(watched, "Invocations"), "Sum")


def _model_latency(watched: Watched) -> dict[str, Any]:
    lines = [
        line
        for stat in ("p50", "p95")
        for line in _each(watched, "ModelLatency", stat=stat, label="{} " + stat)
    ]
    return _chart(watched, "Latency of the models", lines, "p50", "microseconds")


def _cold_starts(watched: Watched) -> dict[str, Any]:
    lines = _each(watched, "ModelSetupTime", stat="SampleCount", label="{} starts")
    slowest = {"stat": "Maximum", "yAxis": "right", "label": "{} slowest, microseconds"}
    lines += _each(watched, "ModelSetupTime", **slowest)
    return _chart(watched, "Cold starts", lines, "SampleCount")


def _errors(watched: Watched) -> dict[str, Any]:
    lines = _each(watched, "Invocation4XXErrors", label="{} refused (4xx)")
    lines += _each(watched, "Invocation5XXErrors", label="{} failed (5xx)")
    lines += [_function(watched, "Errors", label="function")]
    return _chart(watched, "Errors", lines, "Sum")


def _throttles(watched: Watched) -> dict[str, Any]:
    lines = [[watched.answers, THROTTLED, {"label": "answers 429"}]]
    lines += [_function(watched, "Throttles", label="function")]
    return _chart(watched, "Throttled", lines, "Sum")


def _memory(watched: Watched) -> dict[str, Any]:
    lines = _each(watched, "MemoryUtilization", "/aws/sagemaker/Endpoints")
    return _chart(watched, "Memory of the models", lines, "Maximum", "percent")


def _own(watched: Watched, name: str, **options: Any) -> list[Metric]:
    """A metric of the containers' or the function's log lines, of each pair."""
    label = options.pop("label", "{}")
    return [
        [watched.namespace, name, "Pair", pair, {"label": label.format(pair), **options}]
        for pair in watched.endpoints
    ]


def _characters(watched: Watched) -> dict[str, Any]:
    lines = _own(watched, "Characters", label="{} characters")
    lines += _own(watched, "Tokens", label="{} tokens", yAxis="right")
    return _chart(watched, "Characters and tokens", lines, "Sum")


def _dialects(watched: Watched) -> dict[str, Any]:
    lines: list[Metric] = [
        [watched.namespace, name, "Dialect", dialect, {"label": f"{dialect} {name.lower()}"}]
        for name in ("Requests", "Failures")
        for dialect in DIALECTS
    ]
    return _chart(watched, "Translation requests by interface", lines, "Sum")


def _queue(watched: Watched) -> dict[str, Any]:
    lines = _own(watched, "QueueSeconds", label="{} queue")
    lines += _own(watched, "TranslationSeconds", label="{} in all")
    return _chart(watched, "Waiting for the model, p95", lines, "p95", "seconds")


def _batches(watched: Watched) -> dict[str, Any]:
    lines = _own(watched, "BatchSegments", label="{} average")
    lines += _own(watched, "BatchSegments", label="{} largest", stat="Maximum")
    return _chart(watched, "Segments in a batch", lines, "Average")


def _cache(watched: Watched) -> dict[str, Any]:
    """Of all segments, those that needed no model."""
    lines: list[Metric] = []
    for i, pair in enumerate(watched.endpoints):
        for name, key in (("CacheHits", "hits"), ("Segments", "all")):
            options = {"id": f"{key}{i}", "visible": False}
            lines.append([watched.namespace, name, "Pair", pair, options])
        share = f"IF(all{i} > 0, 100 * hits{i} / all{i}, 0)"
        lines.append([{"expression": share, "id": f"share{i}", "label": pair}])
    return _chart(watched, "Answered from the cache", lines, "Sum", "percent")


def _warnings(watched: Watched) -> dict[str, Any]:
    """Each code is a metric of its own: a search finds those that there are."""
    search = f"SEARCH('{{\"{watched.namespace}\",Pair}} Warning', 'Sum', 300)"
    lines: list[Metric] = [[{"expression": search, "id": "warnings", "label": ""}]]
    return _chart(watched, "Warnings by code", lines, "Sum")


def _counts(watched: Watched) -> dict[str, Any]:
    lines = [[watched.namespace, COUNTS_FAILED, {"label": "counts not kept together"}]]
    lines += _own(watched, "ColdStarts", label="{} cold starts")
    lines += _own(watched, "ColdStartSeconds", label="{} slowest", stat="Maximum", yAxis="right")
    return _chart(watched, "Starts of containers, and failed counts", lines, "Sum")


def _price(watched: Watched) -> dict[str, Any]:
    """The estimated cost over the characters that it was for."""
    lines = [_shown(line, False) for line in _cost_lines(watched)]
    for i, pair in enumerate(watched.endpoints):
        options = {"id": f"characters{i}", "visible": False}
        lines.append([watched.namespace, "Characters", "Pair", pair, options])
        price = f"IF(characters{i} > 0, 1000000 * cost{i} / characters{i}, 0)"
        lines.append([{"expression": price, "id": f"price{i}", "label": pair}])
    chart = _chart(
        watched, "Inference per million characters (estimate)", lines, "Sum", "US dollars"
    )
    return {**chart, "period": 3600}


def _documents(watched: Watched) -> dict[str, Any]:
    assert watched.documents  # noqa: S101
    queues = {"waiting": watched.documents.queue, "failed": watched.documents.failed}
    lines = [
        ["AWS/SQS", QUEUED, "QueueName", queue.name, {"label": label}]
        for label, queue in queues.items()
    ]
    return _chart(watched, "Documents", lines, "Maximum")


def _shown(line: Metric, visible: bool) -> Metric:
    return [*line[:-1], {**line[-1], "visible": visible}]


def _cost(watched: Watched) -> dict[str, Any]:
    lines = _cost_lines(watched)
    chart = _chart(watched, "Cost of inference (estimate)", lines, "Sum", "US dollars")
    return {**chart, "period": 3600}


def _cost_lines(watched: Watched) -> list[Metric]:
    """Time of work and of starting, by memory and price; without data and provisioned servers."""
    hidden = {"visible": False}
    lines: list[Metric] = []
    for i, (pair, memory) in enumerate(watched.memories.items()):
        names = ["EndpointName", watched.endpoints[pair], "VariantName", VARIANT]
        lines.append(["AWS/SageMaker", "ModelLatency", *names, {"id": f"work{i}", **hidden}])
        lines.append(["AWS/SageMaker", "ModelSetupTime", *names, {"id": f"start{i}", **hidden}])
        price = PRICE * memory / 1024 / 1e6
        sum_ = f"(FILL(work{i}, 0) + FILL(start{i}, 0)) * {price:.12f}"
        lines.append([{"expression": sum_, "id": f"cost{i}", "label": pair}])
    return lines
