"""Every setting of the gateway, one table: environment variable, default, unit, meaning."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from gateway.errors import SettingsError

RATE, CHARACTERS = "rateLimit", "dailyCharacters"  # of a key, as a stack's settings name them
_SHA256 = re.compile(r"[0-9a-f]{64}")
_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~-]+)*")


def _setting(default: Any, unit: str, meaning: str) -> Any:
    return field(default=default, metadata={"unit": unit, "meaning": meaning})


@dataclass(frozen=True)
class Settings:
    auth: str = _setting("keys", "`keys`, `none`", "Whether callers need a key")
    api_keys: Mapping[str, str] = field(
        default_factory=dict,
        metadata={"unit": "JSON", "meaning": 'SHA-256 of each key: `{"web": "64 hex digits"}`'},
    )
    api_keys_file: str = _setting("", "path", "A file with such JSON; its keys hold as well")
    url: str = _setting(
        "", "URL", "Where a proxy offers the API, e.g. `https://example.org/mt`; links lead there"
    )
    endpoints: Mapping[str, str] = field(
        default_factory=dict,
        metadata={"unit": "JSON", "meaning": 'In Lambda, the endpoints: `{"en_de": "NAME"}`'},
    )
    demonstrations: tuple[str, ...] = _setting(
        (), "list", "In Lambda, the pairs that the page calls a demonstration, e.g. `en_de,de_en`"
    )
    pivot: str = _setting("", "code", "Language through which pairs without a model go, e.g. `en`")
    cors_origins: tuple[str, ...] = _setting(
        ("*",),
        "list",
        "Origins whose pages may call the API; `*` for any, empty (a laptop) for none",
    )
    rate_limit: int = _setting(0, "requests/minute", "Per key; 0 for no limit")
    daily_characters: int = _setting(0, "characters/day", "Per key, days in UTC; 0 for no limit")
    key_limits: Mapping[str, Mapping[str, int]] = field(
        default_factory=dict,
        metadata={
            "unit": "JSON",
            "meaning": "A key's own, in place of both, 0 for none:"
            ' `{"web": {"rateLimit": 60, "dailyCharacters": 9000}}`',
        },
    )
    counts: str = _setting(
        "",
        "path",
        "Where the keys' counts are kept: a file of SQLite, or `dynamodb:TABLE`; empty: in memory",
    )
    metrics_namespace: str = _setting(
        "", "name", "CloudWatch namespace of the metrics in log lines; empty: lines have none"
    )
    character_limit: int = _setting(50_000, "characters", "Longest text")
    batch_limit: int = _setting(100, "texts", "Most texts in a request (DeepL: 50 at most)")
    body_limit: int = _setting(1_000_000, "bytes", "Largest request body; 4 000 000 at most")
    alternatives_limit: int = _setting(3, "translations", "Most alternatives a caller may ask for")
    hold_seconds: float = _setting(8.0, "seconds", "How long a request waits for a cold model")
    warm_seconds: float = _setting(120.0, "seconds", "How long after an answer a model counts warm")
    deadline_seconds: float = _setting(27.0, "seconds", "Longest time to an answer")
    glossaries: str = _setting(
        "",
        "path",
        "Where glossaries are kept: a file, or `s3://BUCKET/PREFIX/`; on a laptop a file in "
        "`~/.local/state`, else memory",
    )
    files: bool = _setting(
        True, "`on`, `off`", "File translation; in Lambda only with GATEWAY_DOCUMENTS_QUEUE"
    )
    file_limit: int = _setting(
        10_000_000,
        "bytes",
        "Largest file, whatever SERVING_MAX_BODY is; in Lambda 4 000 000 at most",
    )
    file_characters: int = _setting(1_000_000, "characters", "Most characters in a file")
    file_seconds: float = _setting(3600.0, "seconds", "Longest time for a file")
    documents: str = _setting(
        "",
        "path",
        "Folder of DeepL's documents, where a restart finds them; a temporary one if empty; "
        "in Lambda `s3://BUCKET/`",
    )
    documents_queue: str = _setting(
        "", "URL", "In Lambda, the SQS queue from which a worker takes the documents of that bucket"
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Raises SettingsError, one sentence, for the first value that cannot be used."""
        _refuse_unknown(environ)
        given = {f.name: f for f in fields(cls) if variable(f) in environ}
        values = {name: _parse(f, environ[variable(f)]) for name, f in given.items()}
        if path := values.get("api_keys_file"):
            values["api_keys"] = {**_read_keys(path), **values.get("api_keys", {})}
        return cls(**values)

    def __post_init__(self) -> None:
        if self.auth not in ("keys", "none"):
            raise SettingsError(f"GATEWAY_AUTH is {self.auth!r}. Use keys or none.")
        if self.url and not _URL.fullmatch(self.url):
            raise SettingsError(
                f"GATEWAY_URL is {self.url!r}. Use an address such as https://example.org/mt, "
                "without a slash at its end."
            )
        self._check_documents()
        if not 1 <= self.body_limit <= 4_000_000:
            raise SettingsError(
                f"GATEWAY_BODY_LIMIT is {self.body_limit}. Use 1 to 4000000 bytes, "
                "the most an endpoint takes."
            )
        for name, digest in self.api_keys.items():
            if not name or "." in name or not _SHA256.fullmatch(digest):
                raise SettingsError(
                    f"GATEWAY_API_KEYS: {name!r} needs a name without a dot and "
                    "the key's SHA-256 as 64 hex digits."
                )
        for name in self.key_limits:
            if name not in self.api_keys:
                raise SettingsError(
                    f"GATEWAY_KEY_LIMITS names {name!r}, which GATEWAY_API_KEYS does not. Add it"
                    " there, or remove it here."
                )

    def _check_documents(self) -> None:
        if self.in_bucket != bool(self.documents_queue):
            raise SettingsError(
                f"GATEWAY_DOCUMENTS is {self.documents!r} and GATEWAY_DOCUMENTS_QUEUE"
                f" {self.documents_queue!r}. Set a bucket, s3://BUCKET/, and the queue of its"
                " worker, or neither."
            )

    @property
    def in_bucket(self) -> bool:
        """Whether documents lie in a bucket, and a worker of their own translates them."""
        return self.documents.startswith("s3://")


def variable(setting: Field[Any]) -> str:
    return f"GATEWAY_{setting.name.upper()}"


def table() -> list[tuple[str, str, str, str]]:
    """(variable, default, unit, meaning) of every setting, for the documentation."""
    return [
        (variable(f), _shown(f), f.metadata["unit"], f.metadata["meaning"])
        for f in fields(Settings)
    ]


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    """Raise SettingsError for a variable that is no setting: it may be one misspelt."""
    known = [variable(f) for f in fields(Settings)]
    for name in sorted(environ):
        if name.startswith("GATEWAY_") and name not in known:
            close = get_close_matches(name, known, n=1)
            meant = f"Did you mean {close[0]}?" if close else "Unset it."
            raise SettingsError(
                f"{name} is no setting. {meant} docs/settings.md lists all there are."
            )


def _read_keys(path: str) -> dict[str, str]:
    try:
        return _strings(Path(path).read_text("utf-8"))
    except OSError as error:
        raise SettingsError(
            f"GATEWAY_API_KEYS_FILE: {path} cannot be read: {error.strerror}."
        ) from None
    except ValueError:
        raise SettingsError(
            f"GATEWAY_API_KEYS_FILE: {path} is not a JSON object of strings in UTF-8."
        ) from None


def _shown(setting: Field[Any]) -> str:
    default = getattr(Settings(), setting.name)
    if isinstance(default, bool):
        return "on" if default else "off"
    if isinstance(default, tuple):
        return ",".join(default)
    return str(default or "") if not isinstance(default, int | float) else f"{default:.10g}"


def _parse(setting: Field[Any], value: str) -> Any:
    parse = _PARSERS[str(setting.type)]
    try:
        return parse(value.strip())
    except ValueError:
        wanted = _WANTED[str(setting.type)]
        raise SettingsError(f"{variable(setting)} is {value!r}. Use {wanted}.") from None


def _whole(value: str) -> int:
    number = int(value)
    if number < 0:
        raise ValueError
    return number


def _seconds(value: str) -> float:
    number = float(value)
    if not 0 <= number < 1_000_000:
        raise ValueError
    return number


def _switch(value: str) -> bool:
    return {"on": True, "off": False}[value] if value in ("on", "off") else _fail()


def _fail() -> bool:
    raise ValueError


def _list(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())


def _strings(value: str) -> dict[str, str]:
    parsed = json.loads(value or "{}")
    if not isinstance(parsed, dict) or not all(isinstance(v, str) for v in parsed.values()):
        raise ValueError
    return parsed


def _limits(value: str) -> dict[str, dict[str, int]]:
    parsed = json.loads(value or "{}")
    if not isinstance(parsed, dict) or not all(_are_limits(own) for own in parsed.values()):
        raise ValueError
    return parsed


def _are_limits(own: Any) -> bool:
    return (
        isinstance(own, dict)
        and own.keys() <= {RATE, CHARACTERS}
        and all(type(limit) is int and limit >= 0 for limit in own.values())
    )


_PARSERS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": _whole,
    "float": _seconds,
    "bool": _switch,
    "tuple[str, ...]": _list,
    "Mapping[str, str]": _strings,
    "Mapping[str, Mapping[str, int]]": _limits,
}
_WANTED = {
    "int": "a whole number, 0 or more",
    "float": "a number of seconds, 0 or more",
    "bool": "on or off",
    "Mapping[str, str]": "a JSON object of strings",
    "Mapping[str, Mapping[str, int]]": (
        f"a JSON object of objects, in which only {RATE} and {CHARACTERS} are, whole numbers"
    ),
}
