"""The models that a stack serves: each entry of the setting `models`, checked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.archive import Archive, ArchiveError, build_archive, folder_size, smallest_memory
from infra.checks import check_choice, check_pattern, check_range
from infra.errors import SettingsError
from infra.options import check_type, refuse_unknown
from infra.timeouts import CONTAINER_TIMEOUT

MEMORIES = (1024, 2048, 3072, 4096, 5120, 6144)  # MB: all that serverless endpoints come in
MAX_CONCURRENCY = 200  # of one serverless endpoint
DISK = 5e9  # bytes on a serverless endpoint's disk, for the archive and its files
CACHE = Path(".cache", "archives")
_CODE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"  # BCP 47: a language, then script, region, variants
_PAIR = re.compile(rf"({_CODE})_({_CODE})")
_S3 = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(\S+\.tar\.gz)")
_VARIABLE = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,1023}")
KEYS = {
    "folder": "string",
    "archive": "string",
    "pair": "string",
    "memory": "integer",
    "maxConcurrency": "integer",
    "provisionedConcurrency": "integer",
    "environment": "object",
}


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """One pair's model: an archive built from a folder (`built`), or one in S3 (`location`)."""

    pair: str
    memory: int = 2048
    max_concurrency: int = 5
    provisioned_concurrency: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    built: Archive | None = None
    location: str = ""

    @property
    def label(self) -> str:
        """The pair as a part of AWS names, which know no underscore: en-de."""
        return self.pair.replace("_", "-")

    @property
    def bucket_and_key(self) -> tuple[str, str]:
        """Where `location` points to."""
        bucket, _, key = self.location.removeprefix("s3://").partition("/")
        return bucket, key


def read_models(root: Path, entries: Sequence[Mapping[str, Any]]) -> tuple[ModelSettings, ...]:
    """The checked entries, their archives built below `root`/.cache. Raises SettingsError."""
    if not entries:
        raise SettingsError("models is []: name at least one model, such as {folder: models/en_de}")
    models = tuple(_read_model(root, f"models[{i}]", entry) for i, entry in enumerate(entries))
    seen: dict[str, str] = {}
    for i, model in enumerate(models):
        if model.label in seen:
            raise SettingsError(
                f"models[{i}] is a second model for {model.pair}, after {seen[model.label]}:"
                " leave one of them"
            )
        seen[model.label] = f"models[{i}]"
    return models


def _read_model(root: Path, where: str, entry: Mapping[str, Any]) -> ModelSettings:
    refuse_unknown(f"{where}.", entry, KEYS)
    for key, value in entry.items():
        check_type(f"{where}.{key}", KEYS[key], value)
    archive, folder = entry.get("archive", ""), entry.get("folder", "")
    if bool(archive) == bool(folder):
        raise SettingsError(
            f"{where} has folder {folder!r} and archive {archive!r}: set one of the two"
        )
    sizes = _sizes(where, entry)
    if archive:
        return ModelSettings(**_from_archive(where, entry), **sizes)
    return ModelSettings(**_from_folder(root, where, entry, sizes["memory"]), **sizes)


def _from_archive(where: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    cure = "use s3://BUCKET/KEY.tar.gz"
    check_pattern(f"{where}.archive", entry["archive"], _S3, cure)
    if not entry.get("pair"):
        raise SettingsError(f"{where}.pair is not set: an archive does not tell; set it, as en_fr")
    return {"pair": _pair(f"{where}.pair", entry["pair"]), "location": entry["archive"]}


def _from_folder(root: Path, where: str, entry: Mapping[str, Any], memory: int) -> dict[str, Any]:
    folder = root / entry["folder"]
    if not folder.is_dir():
        raise SettingsError(
            f"{where}.folder is {entry['folder']!r}, which is no folder: put the model there,"
            f" or use one of {_offered(root)}"
        )
    pair = _pair(f"{where}.folder", folder.resolve().name)
    if entry.get("pair", pair) != pair:
        raise SettingsError(
            f"{where}.pair is {entry['pair']!r}, but its folder is named {pair}: remove pair"
        )
    try:
        _check_memory(where, memory, folder_size(folder))
        return {"pair": pair, "built": build_archive(folder, root / CACHE)}
    except ArchiveError as error:
        raise SettingsError(f"{where}.folder: {error}") from None


def _offered(root: Path) -> str:
    folders = sorted(p.name for p in root.glob("models/*") if p.is_dir() and _PAIR.match(p.name))
    return ", ".join(f"models/{name}" for name in folders) or "models/SOURCE_TARGET"


def _pair(key: str, text: str) -> str:
    if not _PAIR.fullmatch(text):
        raise SettingsError(f"{key} is {text!r}: name it SOURCE_TARGET, such as en_fr or en_pt-BR")
    return text


def _environment(where: str, values: Mapping[str, Any]) -> dict[str, str]:
    if len(values) > 100:
        raise SettingsError(f"{where}.environment has {len(values)} entries: SageMaker takes 100")
    for name, value in values.items():
        key = f"{where}.environment.{name}"
        if not _VARIABLE.fullmatch(name):
            raise SettingsError(f"{key}: a variable's name has only letters, digits and _")
        if not isinstance(value, str) or len(value) > 1024:
            raise SettingsError(
                f"{key} is {value!r}: it has to be a text of at most 1024 characters"
            )
    _check_timeout(f"{where}.environment.SERVING_TIMEOUT", values.get("SERVING_TIMEOUT", "1"))
    return dict(sorted(values.items()))


def _check_timeout(key: str, value: str) -> None:
    if not value.isdecimal() or not 1 <= int(value) <= CONTAINER_TIMEOUT:
        raise SettingsError(
            f"{key} is {value!r}: set it to 1...{CONTAINER_TIMEOUT} seconds, or the function's"
            " own time-out comes first"
        )


def _sizes(where: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    memory = entry.get("memory", ModelSettings.memory)
    most = entry.get("maxConcurrency", ModelSettings.max_concurrency)
    warm = entry.get("provisionedConcurrency", ModelSettings.provisioned_concurrency)
    check_choice(f"{where}.memory", memory, MEMORIES)
    check_range(f"{where}.maxConcurrency", most, 1, MAX_CONCURRENCY)
    check_range(f"{where}.provisionedConcurrency", warm, 0, MAX_CONCURRENCY)
    if warm > most:
        raise SettingsError(
            f"{where}.provisionedConcurrency is {warm}, over maxConcurrency, {most}:"
            " lower it, or raise maxConcurrency"
        )
    return {
        "memory": memory,
        "max_concurrency": most,
        "provisioned_concurrency": warm,
        "environment": _environment(where, entry.get("environment", {})),
    }


def _check_memory(where: str, memory: int, size: int) -> None:
    needed = smallest_memory(size)
    if needed > MEMORIES[-1] or 2 * size > DISK:
        raise SettingsError(
            f"{where}.folder holds {size / 1e6:.0f} MB, more than a serverless endpoint can serve:"
            " convert the model to int8, or take a smaller one"
        )
    if memory < needed:
        raise SettingsError(
            f"{where}.memory is {memory}, too little for a model of {size / 1e6:.0f} MB:"
            f" set it to {needed} or more"
        )
