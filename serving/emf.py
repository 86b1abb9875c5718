"""CloudWatch's embedded metric format: log lines from which it takes metrics by itself."""

import time
from collections.abc import Mapping
from typing import Any

Values = float | list[float]
MAX_VALUES = 100  # of a list, as the format has it


def embedded(
    namespace: str, dimensions: Mapping[str, str], metrics: Mapping[str, Values]
) -> dict[str, Any]:
    """Fields for a line: each metric once by each of the dimensions; none without a namespace.

    Each set of dimensions with each name is a metric that is paid for.
    """
    if not namespace or not metrics:
        return {}
    named = [
        {"Name": name, "Unit": "Seconds" if name.endswith("Seconds") else "Count"}
        for name in metrics
    ]
    directive = {
        "Namespace": namespace,
        "Dimensions": [[dimension] for dimension in dimensions] or [[]],
        "Metrics": named,
    }
    about = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}
    return {"_aws": about, **dimensions, **metrics}
