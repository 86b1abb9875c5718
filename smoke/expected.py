"""What a deployment should be: from a stack's outputs and settings, or from the command line."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client.errors import UsageError
from client.stack import PROJECT, Stack
from model_folder.canary import Canary, read_canary
from model_folder.errors import ModelError
from model_folder.folder import ModelFolder

OWN_MODELS = "models-local"


@dataclass(frozen=True)
class Expected:
    """`pairs` and `origins` are None where nobody said; `keys` are secrets by their names."""

    pairs: Sequence[str] | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    needs_key: bool = True
    origins: Sequence[str] | None = None
    daily_characters: Mapping[str, int] = field(default_factory=dict)
    name: str = ""  # of the stack's log group and metrics


def of_stack(stack: Stack) -> Expected:
    settings = _settings(stack.name)
    keys: dict[str, str] = stack.output("apiKeys") or {}
    own = settings.get("keyLimits", {})
    daily = int(settings.get("dailyCharacters", 0))
    return Expected(
        pairs=sorted(stack.output("endpoints")),
        keys=keys,
        needs_key=settings.get("auth", "keys") == "keys",
        origins=settings.get("corsOrigins", []),
        daily_characters={
            name: int(own.get(name, {}).get("dailyCharacters", daily)) for name in keys
        },
        name=str(stack.output("dashboard")),
    )


def _settings(stack: str) -> dict[str, Any]:
    """The project's settings that the stack sets, without their prefix. No secret is among them."""
    command = ["pulumi", "config", "--json", "--stack", stack]
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=PROJECT, capture_output=True, text=True, check=True
        )
        entries: dict[str, Any] = json.loads(done.stdout)
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        raise UsageError(f"Pulumi cannot read the settings of stack {stack!r}: {error}.") from error
    return {
        key.partition(":")[2]: entry.get("objectValue", _value(entry.get("value")))
        for key, entry in entries.items()
    }


def _value(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return text


def canary_of(pair: str, root: Path = PROJECT) -> Canary | None:
    """Of the model folder of this checkout; None where there is none, or it has none."""
    for place in (OWN_MODELS, "models"):
        path = root / place / pair
        if path.is_dir():
            try:
                folder = ModelFolder(path)
                return read_canary(folder.manifest, folder.source, folder.target)
            except ModelError as error:
                raise UsageError(f"{path}: {error}") from error
    return None
