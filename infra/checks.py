"""The sentences for a value out of its range, off its pattern or twice in a list."""

import re
from collections.abc import Collection, Sequence

from infra.errors import SettingsError


def check_range(key: str, value: int, low: int, high: int, unit: str = "") -> None:
    if not low <= value <= high:
        raise SettingsError(f"{key} is {value}. Set it to {low}...{high}{unit}.")


def check_choice(key: str, value: object, choices: Collection[object]) -> None:
    if value not in choices:
        words = ", ".join(str(choice) for choice in choices)
        raise SettingsError(f"{key} is {value!r}. Set it to one of {words}.")


def check_pattern(key: str, value: str, pattern: re.Pattern[str], cure: str) -> None:
    """Empty passes: it stands for a setting that is not made."""
    if value and not pattern.fullmatch(value):
        raise SettingsError(f"{key} is {value!r}. {cure}.")


def check_distinct(key: str, values: Sequence[str]) -> None:
    for i, value in enumerate(values):
        if value in values[:i]:
            raise SettingsError(f"{key} names {value!r} twice. Leave one of them.")
