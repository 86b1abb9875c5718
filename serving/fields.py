"""What a field of a request may hold. `serving.request` has the fields."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from serving.errors import BadRequest, TooLarge
from serving.settings import Settings

MAX_CODE = 35
"""Characters: the longest language tag that RFC 5646 (§4.4.1) wants to be taken."""


class Rule(Protocol):
    """Reads a field's value from JSON. Raises `BadRequest` with a sentence, or `TooLarge`."""

    def read(self, value: Any, name: str, settings: Settings) -> Any: ...


@dataclass(frozen=True)
class Language:
    """A language code, or null for the only pair served."""

    def read(self, value: Any, name: str, settings: Settings) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise BadRequest(f"{name} is {kind(value)}, but must be a language code.")
        if len(value) > MAX_CODE:
            raise BadRequest(
                f"{name} has {len(value)} characters, but a language code has {MAX_CODE} at most."
            )
        return read_string(value, name)


@dataclass(frozen=True)
class Choice:
    """One of a few words; the first is the default."""

    choices: tuple[str, ...]

    def read(self, value: Any, name: str, settings: Settings) -> str:
        if value not in self.choices:
            choices = ", ".join(self.choices)
            raise BadRequest(f"{name} is {_shown(value)}, but must be one of {choices}.")
        return str(value)


@dataclass(frozen=True)
class Number:
    """A whole number from ``minimum`` to the setting named ``limit``, or null for ``default``."""

    minimum: int
    limit: str
    default: int | None

    def maximum(self, settings: Settings) -> int:
        return int(getattr(settings, self.limit))

    def read(self, value: Any, name: str, settings: Settings) -> int | None:
        if value is None:
            return self.default
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # JSON has one kind of number: 2.0 is 2
        maximum = self.maximum(settings)
        if type(value) is not int or not self.minimum <= value <= maximum:
            raise BadRequest(
                f"{name} is {_shown(value)}, but must be a whole number from {self.minimum} to"
                f" {maximum}."
            )
        return value


@dataclass(frozen=True)
class Strings:
    """A list of strings, as many as there may be texts; ``bounded``: together no longer either."""

    bounded: bool = False

    def read(self, value: Any, name: str, settings: Settings) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise BadRequest(f"{name} is {kind(value)}, but must be a list of strings.")
        if len(value) > settings.max_texts:
            raise TooLarge(
                f"{name} has {len(value)} items; the limit is {settings.max_texts}. "
                "Send it in parts."
            )
        strings = tuple(read_string(item, f"{name}[{index}]") for index, item in enumerate(value))
        if self.bounded:
            _check_characters(name, strings, settings)
        return strings


@dataclass(frozen=True)
class Terms:
    """An object of terms and their translations, together no longer than texts may be."""

    def read(self, value: Any, name: str, settings: Settings) -> dict[str, str]:
        if not isinstance(value, dict):
            raise BadRequest(f"{name} is {kind(value)}, but must be an object of strings.")
        if len(value) > settings.max_texts:
            raise TooLarge(
                f"{name} has {len(value)} terms; the limit is {settings.max_texts}. "
                "Send those that the texts have."
            )
        terms = {
            read_string(term, f"A term of {name}"): _filled(wanted, f"A translation in {name}")
            for term, wanted in value.items()
        }
        _check_characters(name, (*terms, *terms.values()), settings)
        return terms


def _check_characters(name: str, strings: Iterable[str], settings: Settings) -> None:
    total = sum(map(len, strings))
    if total > settings.max_characters:
        raise TooLarge(
            f"{name} has {total} characters; the limit is {settings.max_characters}. "
            "Send fewer or shorter ones."
        )


def _filled(value: Any, name: str) -> str:
    text = read_string(value, name)
    if not text.strip():
        raise BadRequest(f"{name} is empty. Send keep for terms that stay as they are.")
    return text


def read_string(value: Any, name: str) -> str:
    """A string that can be encoded, without NUL."""
    if not isinstance(value, str):
        raise BadRequest(f"{name} is {kind(value)}, but must be a string.")
    if "\0" in value:
        raise BadRequest(f"{name} has a NUL character at {value.index(chr(0))}. Remove it.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadRequest(f"{name} has half a surrogate pair at {error.start}. Mend it.") from error
    return value


def kind(value: Any) -> str:
    """What JSON calls it, for a sentence."""
    kinds = {str: "a string", bool: "a boolean", list: "a list", dict: "an object"}
    return "null" if value is None else kinds.get(type(value), "a number")


def _shown(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"
