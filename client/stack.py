"""What a deployed stack exports, as Pulumi tells it."""

import json
import subprocess
from pathlib import Path
from typing import Any

from client.errors import UsageError
from client.program import IS_CLONE

PROJECT = Path(__file__).resolve().parent.parent if IS_CLONE else Path()
"""Where `pulumi` is run: the installed command line is run in the project's folder."""
_SECONDS = 120


class Stack:
    """The outputs of one stack. Never shown: they hold keys."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._outputs = _read(name)

    @property
    def url(self) -> str:
        return str(self.output("url"))

    @property
    def key_names(self) -> list[str]:
        return sorted(self._outputs.get("apiKeys") or {})

    @property
    def key(self) -> str | None:
        """The first API key by name; None for a stack without keys."""
        keys: dict[str, str] = self._outputs.get("apiKeys") or {}
        return keys[min(keys)] if keys else None

    def output(self, name: str) -> Any:
        try:
            return self._outputs[name]
        except KeyError as error:
            raise UsageError(
                f"Stack {self.name!r} has no output {name!r}. Run `pulumi up --stack {self.name}`."
            ) from error


def _read(name: str) -> dict[str, Any]:
    command = ["pulumi", "stack", "output", "--json", "--show-secrets", "--stack", name]
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=PROJECT, capture_output=True, text=True, timeout=_SECONDS, check=True
        )
        outputs: dict[str, Any] = json.loads(done.stdout)
    except FileNotFoundError as error:
        raise UsageError(
            "--stack needs the pulumi command. Install it from pulumi.com, or use --url and "
            "TRANSLATE_API_KEY."
        ) from error
    except subprocess.CalledProcessError as error:
        raise UsageError(f"Pulumi cannot read stack {name!r}: {_first_line(error)}") from error
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise UsageError(
            f"Pulumi gave no outputs for stack {name!r}. Try `pulumi stack output --stack {name}`."
        ) from error
    return outputs


def _first_line(error: subprocess.CalledProcessError) -> str:
    lines = [line.strip() for line in error.stderr.splitlines() if line.strip()]
    return lines[0].removeprefix("error: ") if lines else f"exit code {error.returncode}"
