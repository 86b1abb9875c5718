"""How many threads the engine gets, and how it computes."""

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

from handlers.contract.cpus import cpus
from handlers.contract.variables import unknown_variable
from handlers.engine.library import ctranslate2
from model_folder import ModelError


def _setting(default: Any, help: str) -> Any:
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True, slots=True)
class Budget:
    """Read from the environment as ``ENGINE_`` and the field's name in capitals."""

    workers: int = _setting(0, "batches computed at the same time; 0: one more than CPUs")
    threads: int = _setting(1, "threads a batch; more slow each other down under load")
    compute_type: str = _setting("auto", "CTranslate2's name; auto: int8 where the CPU has it")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Budget":
        """Raises `ModelError` for a value that does not read as the setting's type, and for a
        variable that is no setting."""
        if wrong := unknown_variable("ENGINE_", list(map(variable, fields(cls))), environment):
            raise ModelError(wrong)
        return cls(
            **{
                setting.name: _parse(setting.type, variable(setting), value)
                for setting in fields(cls)
                if (value := environment.get(variable(setting)))
            }
        )

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of ``ctranslate2.Translator``.

        One worker more than CPUs: the batcher's express lane uses it, so that a
        short request shares a CPU instead of waiting for one.
        """
        return {
            "inter_threads": self.workers or cpus() + 1,
            "intra_threads": self.threads,
            "compute_type": _best() if self.compute_type == "auto" else self.compute_type,
        }


def variable(setting: Field[Any]) -> str:
    return f"ENGINE_{setting.name.upper()}"


def _best() -> str:
    """Activations stay float32: with bfloat16 results would depend on the CPU even more."""
    supported = ctranslate2.get_supported_compute_types("cpu")
    return "int8_float32" if "int8_float32" in supported else "default"


def _parse(kind: Any, name: str, value: str) -> Any:
    if kind is str:
        return value
    if not value.isdecimal():
        raise ModelError(f"{name}={value!r} is not a whole number. Correct it or unset it.")
    return int(value)
