"""The keys that `Pulumi.yaml` declares, and a stack's values for them as their types."""

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.errors import SettingsError

_TYPES: Mapping[str, tuple[type, str]] = {
    "string": (str, "a text"),
    "integer": (int, "a whole number"),
    "boolean": (bool, "true or false"),
    "array": (list, "a list"),
    "object": (dict, "a map"),
}


def read_declarations(project_file: Path) -> dict[str, dict[str, Any]]:
    """Each key's type, default and description, as in the `config` section of the project file."""
    declared: dict[str, Any] = yaml.safe_load(project_file.read_text("utf-8"))["config"]
    # `pulumi new` adds a tag of its own, pulumi:tags; a key of another namespace is not ours.
    return {key: entry for key, entry in declared.items() if ":" not in key}


def read_options(
    declared: Mapping[str, Mapping[str, Any]], get: Callable[[str], str | None]
) -> dict[str, Any]:
    """The value of each declared key: what `get` answers, as its type, else the default."""
    return {key: _read(key, declaration, get(key)) for key, declaration in declared.items()}


def check_type(key: str, type_name: str, value: Any) -> Any:
    """`value`, if it is of that type; SettingsError with the key, the value and the cure if not."""
    wanted, words = _TYPES[type_name]
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise SettingsError(f"{key} is {value!r}, but must be {words}.")
    return value


def refuse_unknown(where: str, given: Collection[str], known: Collection[str]) -> None:
    """A misspelt key would otherwise pass in silence."""
    for key in sorted(set(given) - set(known)):
        raise SettingsError(
            f"{where}{key} is not a setting. Use one of {', '.join(sorted(known))}."
        )


def _read(key: str, declaration: Mapping[str, Any], text: str | None) -> Any:
    if text is None:
        return declaration["default"]
    value = text if declaration["type"] == "string" else _parse(text)
    check_type(key, declaration["type"], value)
    for i, item in enumerate(value if declaration["type"] == "array" else ()):
        check_type(f"{key}[{i}]", declaration["items"]["type"], item)
    return value


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
