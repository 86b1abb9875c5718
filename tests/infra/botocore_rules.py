"""What botocore's models say of a parameter, and botocore itself does not hold callers to."""

import json
import re
from typing import Any

from botocore.model import Shape


def problems(shape: Shape, value: Any, where: str) -> list[str]:
    """Sentences about every pattern, enumeration and range that `value` breaks."""
    kind = shape.type_name
    if kind == "structure":
        return _all((shape.members[k], v, f"{where}.{k}") for k, v in value.items())
    if kind == "list":
        found = _all((shape.member, item, f"{where}[{i}]") for i, item in enumerate(value))
        return found + _out_of_range(shape, len(value), where)
    if kind == "map":
        found = _all((shape.key, key, f"{where} key") for key in value)
        return found + _all((shape.value, item, f"{where}.{k}") for k, item in value.items())
    if kind == "string":
        return _text_problems(shape, str(value), where)
    if kind in ("integer", "long", "double", "float"):
        return _out_of_range(shape, value, where)
    return []


def to_parameter(shape: Shape, value: Any, where: str, words: dict[str, str]) -> Any:
    """A Pulumi input as botocore takes it: keys matched whatever their case and number.

    `words` rename keys at the top. A key that the API does not know is an error.
    """
    kind = shape.type_name
    if kind == "structure":
        return _to_structure(shape, value, where, words)
    if kind == "list":
        items = value if isinstance(value, list) else [value]
        return [to_parameter(shape.member, item, where, words) for item in items]
    if kind == "map":
        return {k: to_parameter(shape.value, v, where, words) for k, v in value.items()}
    if kind == "string" and isinstance(value, dict | list):
        return json.dumps(value)
    if kind in ("integer", "long"):
        return int(value)
    return {"string": str, "float": float, "double": float}.get(kind, lambda v: v)(value)


def _to_structure(shape: Shape, value: Any, where: str, words: dict[str, str]) -> dict[str, Any]:
    known = {name.lower(): name for name in shape.members}
    for name in shape.members:
        known.setdefault(f"{name.lower()}s", name)
        known.setdefault(name.lower().rstrip("s"), name)
    found = {}
    for key, entry in value.items():
        name = words.get(key) or known.get(key.lower())
        assert name in shape.members, f"{where}.{key} is not in {shape.name}: {list(shape.members)}"
        found[name] = to_parameter(shape.members[name], entry, f"{where}.{key}", {})
    return found


def _all(parts: Any) -> list[str]:
    return [sentence for shape, value, where in parts for sentence in problems(shape, value, where)]


def _text_problems(shape: Shape, value: str, where: str) -> list[str]:
    found = _out_of_range(shape, len(value), where)
    if shape.enum and value not in shape.enum:
        found.append(f"{where}: {value!r} is none of {shape.enum}")
    pattern = shape.metadata.get("pattern", "")
    if pattern and not _matches(pattern, value):
        found.append(f"{where}: {value!r} does not match {pattern}")
    return found


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value, re.DOTALL) is not None
    except re.error:  # a pattern that only Java reads
        return True


def _out_of_range(shape: Shape, number: float, where: str) -> list[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if (low is not None and number < low) or (high is not None and number > high):
        return [f"{where}: {number} is outside {low}...{high}"]
    return []
