"""How sure a model's translations are: what is seen of each, as a probability."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, isfinite, log
from typing import Any

SIGNS = ("score", "length", "pieces", "copied")
"""What a confidence is made of; `signs` says what each is."""

USUAL = ("length", "pieces")
"""The signs that are counted from what is usual for the pair."""

DEFAULT_THRESHOLD = 0.5
_SHORT = 12  # characters; a word more or less says little about a short text
_LONG_WORD = 5  # letters; shorter ones are alike in many languages


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic function of the signs, fitted by `python -m models calibrate`."""

    intercept: float
    weights: Mapping[str, float]
    usual: Mapping[str, float] = field(default_factory=dict)
    threshold: float = DEFAULT_THRESHOLD
    """Below this confidence, a translation is said to be unsure."""

    @classmethod
    def of(cls, manifest: dict[str, Any]) -> "Calibration | None":
        """Of the key ``calibration``; None without it."""
        found = manifest.get("calibration")
        return None if found is None else cls(**found)

    def confidence(self, seen: Mapping[str, float]) -> float:
        """From 0 to 1: how likely a translation with these signs is a usable one."""
        counted = self.counted(seen)
        exponent = self.intercept + sum(counted[name] * w for name, w in self.weights.items())
        return 1 / (1 + exp(min(-exponent, 700.0)))

    def counted(self, seen: Mapping[str, float]) -> dict[str, float]:
        """The signs as they are weighed: some of them from what is usual for the pair."""
        usual = {name: self.usual.get(name, 0.0) for name in USUAL}
        return {
            "score": seen["score"],
            "length": abs(seen["length"] - usual["length"]),  # too long or too short
            "pieces": max(0.0, seen["pieces"] - usual["pieces"]),  # few are no bad sign
            "copied": seen["copied"],
        }

    def document(self) -> dict[str, Any]:
        """As the manifest has it."""
        return {
            "intercept": round(self.intercept, 3),
            "weights": {name: round(weight, 3) for name, weight in self.weights.items()},
            "usual": {name: round(value, 3) for name, value in self.usual.items()},
            "threshold": round(self.threshold, 3),
        }


def signs(source: str, target: str, score: float, tokens: int) -> dict[str, float]:
    """What is seen of a translation, at next to no cost.

    ``score``: the mean log-probability of a token; ``length``: the logarithm of how much longer
    the translation is; ``pieces``: tokens a character of the source, many where words are not
    known; ``copied``: the share of the translation's long words, names left out, that
    stand in the source too.
    """
    return {
        "score": score,
        "length": log((len(target) + _SHORT) / (len(source) + _SHORT)),
        "pieces": tokens / (len(source) + _SHORT),
        "copied": _copied(source, target),
    }


def _copied(source: str, target: str) -> float:
    words = [word for word in target.split() if len(word) >= _LONG_WORD and word.islower()]
    known = set(source.split())
    return sum(word in known for word in words) / len(words) if words else 0.0


def fault(value: object) -> str:
    """What is wrong with the manifest's ``calibration``; empty if nothing is."""
    if value is None or _is_calibration(value):
        return ""
    return (
        f'"calibration" is {value!r}, but must be {{"intercept": number, "weights": {{…}}}}. '
        "Write it anew: python -m models calibrate"
    )


def _is_calibration(value: object) -> bool:
    if not isinstance(value, dict) or not {"intercept", "weights"} <= value.keys():
        return False
    numbers = {name: value[name] for name in ("intercept", "threshold") if name in value}
    tables = ((value["weights"], SIGNS), (value.get("usual", {}), USUAL))
    return (
        value.keys() <= {"intercept", "weights", "usual", "threshold"}
        and all(map(_is_number, numbers.values()))
        and all(_is_table(table, known) for table, known in tables)
    )


def _is_table(value: object, known: tuple[str, ...]) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() <= set(known)
        and all(map(_is_number, value.values()))
    )


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and isfinite(value)  # type: ignore[arg-type]
