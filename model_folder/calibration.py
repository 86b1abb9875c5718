"""How sure a model's translations are: its scores as probabilities."""

from dataclasses import dataclass
from math import exp, isfinite
from typing import Any

UNSURE = 0.5
"""A translation whose confidence is below is more likely bad than not."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Two numbers fitted on sentences with known translations: `python -m models calibrate`."""

    slope: float
    intercept: float

    @classmethod
    def of(cls, manifest: dict[str, Any]) -> "Calibration | None":
        """Of the key ``calibration``; None without it."""
        found = manifest.get("calibration")
        return None if found is None else cls(float(found["slope"]), float(found["intercept"]))

    def confidence(self, score: float) -> float:
        """From 0 to 1: how likely a translation with this score is a usable one."""
        exponent = -(self.slope * score + self.intercept)
        return 1 / (1 + exp(min(exponent, 700.0)))


def fault(value: object) -> str:
    """What is wrong with the manifest's ``calibration``; empty if nothing is."""
    if value is None:
        return ""
    keys = ("slope", "intercept")
    if isinstance(value, dict) and all(_is_number(value.get(key)) for key in keys):
        return ""
    return f'"calibration" is {value!r}, but must be {{"slope": number, "intercept": number}}'


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and isfinite(value)  # type: ignore[arg-type]
