"""The models that a stack serves: each entry of the setting `models`, checked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.checks import check_choice, check_pattern, check_range
from infra.errors import SettingsError
from infra.options import check_type, refuse_unknown
from infra.timeouts import CONTAINER_TIMEOUT
from model_folder import ModelError, ModelFolder
from model_folder.archive import Archive, build_archive
from model_folder.canary import Canary, read_canary
from model_folder.manifest import find_manifest
from model_folder.pair import parse_pair
from model_folder.sizes import DISK, SIZES, smallest_size

MAX_CONCURRENCY = 200  # of one serverless endpoint
MAX_INSTANCES = 100
CACHE = Path(".cache", "archives")
_S3 = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(\S+\.tar\.gz)")
INSTANCE = re.compile(r"ml\.[a-z][a-z0-9-]*\.[a-z0-9]+")
_VARIABLE = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,1023}")
_PAIR_VARIABLE = "SERVING_PAIR"
OWN_MODELS = "models-local"
KEYS = {
    "folder": "string",
    "archive": "string",
    "pair": "string",
    "memory": "integer",
    "maxConcurrency": "integer",
    "provisionedConcurrency": "integer",
    "instance": "string",
    "instances": "object",
    "environment": "object",
}
_SERVERLESS = ("memory", "maxConcurrency", "provisionedConcurrency")
_INSTANCES = ("minimum", "maximum", "invocations")


@dataclass(frozen=True, kw_only=True)
class Instances:
    """Machines of one type: how few, how many, and how much one answers before another is added.

    `invocations` are requests a minute and machine.
    """

    type: str
    minimum: int = 1
    maximum: int = 1
    # Half of what two CPUs have answered of a large model: docs/cost.md says from what.
    invocations: int = 2000


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """One pair's model: an archive built from a folder (`built`), or one in S3 (`location`).

    With `instances` it runs on machines, and what is said of memory and concurrency is void.

    `canary` is what its manifest asks of it before the model that it replaces goes.
    """

    pair: str
    memory: int = 2048
    max_concurrency: int = 5
    provisioned_concurrency: int = 0
    instances: Instances | None = None
    environment: dict[str, str] = field(default_factory=dict)
    demonstration: bool = False
    built: Archive | None = None
    location: str = ""
    canary: Canary | None = None

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
        raise SettingsError(
            "models is []. Name at least one model, such as {folder: models/en_de}."
        )
    models = tuple(_read_model(root, f"models[{i}]", entry) for i, entry in enumerate(entries))
    seen: dict[str, str] = {}
    for i, model in enumerate(models):
        if model.label.lower() in seen:
            raise SettingsError(
                f"models[{i}] is a second model for {model.pair}, after"
                f" {seen[model.label.lower()]}. Leave one of them."
            )
        seen[model.label.lower()] = f"models[{i}]"
    return models


def _read_model(root: Path, where: str, entry: Mapping[str, Any]) -> ModelSettings:
    refuse_unknown(f"{where}.", entry, KEYS)
    for key, value in entry.items():
        check_type(f"{where}.{key}", KEYS[key], value)
    archive, folder = entry.get("archive", ""), entry.get("folder", "")
    if not archive and not folder and entry.get("pair"):
        folder = _by_pair(root, entry["pair"])
        entry = {**entry, "folder": folder}
    if bool(archive) == bool(folder):
        raise SettingsError(
            f"{where} has folder {folder!r} and archive {archive!r}. Set one of the two."
        )
    instances = _instances(where, entry)
    sizes = {} if instances else _sizes(where, entry)
    if archive:
        source = _from_archive(where, entry)
    else:
        source = _from_folder(root, where, entry, sizes.get("memory"))
    environment = _environment(where, entry.get("environment", {}), source["pair"])
    return ModelSettings(**source, **sizes, instances=instances, environment=environment)


def _by_pair(root: Path, pair: str) -> str:
    """The folder that `python -m models add` made, else the embedded one."""
    places = [f"{folder}/{pair}" for folder in (OWN_MODELS, "models")]
    return next((place for place in places if (root / place).is_dir()), places[0])


def _from_archive(where: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    cure = "Use s3://BUCKET/KEY.tar.gz"
    check_pattern(f"{where}.archive", entry["archive"], _S3, cure)
    text = entry.get("pair")
    if not text:
        raise SettingsError(
            f"{where}.pair is not set, and an archive does not tell it. Set it, as in en_fr."
        )
    pair = parse_pair(text)
    if pair is None:
        raise SettingsError(
            f"{where}.pair is {text!r}. Name it SOURCE_TARGET, such as en_fr or en_pt-BR."
        )
    return {"pair": str(pair), "location": entry["archive"]}


def _from_folder(
    root: Path, where: str, entry: Mapping[str, Any], memory: int | None
) -> dict[str, Any]:
    path = root / entry["folder"]
    if not path.is_dir():
        raise SettingsError(
            f"{where}.folder is {entry['folder']!r}, which is no folder. Put the model there,"
            f" or use one of {_offered(root)}."
        )
    try:
        folder = ModelFolder(path, entry.get("pair"))
        if memory:
            _check_memory(where, memory, folder)
        return {
            "pair": folder.pair,
            "demonstration": folder.demonstration,
            "canary": read_canary(folder.manifest, folder.source, folder.target),
            "built": build_archive(folder, root / CACHE),
        }
    except ModelError as error:
        raise SettingsError(f"{where}.folder: {error}") from None


def _offered(root: Path) -> str:
    folders = sorted(
        path.name
        for path in root.glob("models/*")
        if path.is_dir() and (parse_pair(path.name) or find_manifest(path))
    )
    return ", ".join(f"models/{name}" for name in folders) or "models/SOURCE_TARGET"


def _environment(where: str, given: Mapping[str, Any], pair: str) -> dict[str, str]:
    """With the pair: SageMaker unpacks an archive to a folder whose name tells none."""
    if given.get(_PAIR_VARIABLE, pair) != pair:
        raise SettingsError(
            f"{where}.environment.{_PAIR_VARIABLE} is {given[_PAIR_VARIABLE]!r}, but the pair is"
            f" {pair}. Remove it, the stack sets it."
        )
    values = {_PAIR_VARIABLE: pair, **given}
    if len(values) > 99:
        raise SettingsError(
            f"{where}.environment has {len(given)} entries, but SageMaker takes 100, two of them"
            f" the stack's own."
        )
    for name, value in values.items():
        key = f"{where}.environment.{name}"
        if not _VARIABLE.fullmatch(name):
            raise SettingsError(
                f"{key} is no variable's name, which has only letters, digits and _."
            )
        if not isinstance(value, str) or len(value) > 1024:
            raise SettingsError(
                f"{key} is {value!r}, but must be a text of at most 1024 characters."
            )
    _check_timeout(f"{where}.environment.SERVING_TIMEOUT", values.get("SERVING_TIMEOUT", "1"))
    return dict(sorted(values.items()))


def _check_timeout(key: str, value: str) -> None:
    if not value.isdecimal() or not 1 <= int(value) <= CONTAINER_TIMEOUT:
        raise SettingsError(
            f"{key} is {value!r}. Set it to 1...{CONTAINER_TIMEOUT} seconds, or the function's"
            " own time-out comes first."
        )


def _instances(where: str, entry: Mapping[str, Any]) -> Instances | None:
    kind, given = entry.get("instance", ""), entry.get("instances", {})
    if not kind:
        if given:
            raise SettingsError(
                f"{where}.instances is {given}, but instance is not set. Name a machine type, such"
                " as ml.c7i.large."
            )
        return None
    check_pattern(f"{where}.instance", kind, INSTANCE, "Use one such as ml.c7i.large")
    for key in _SERVERLESS:
        if key in entry:
            raise SettingsError(
                f"{where}.{key} is {entry[key]}, but {kind} is a machine with its own. Remove it,"
                " or instance."
            )
    refuse_unknown(f"{where}.instances.", given, _INSTANCES)
    for key, value in given.items():
        check_type(f"{where}.instances.{key}", "integer", value)
    numbers = {"maximum": given.get("minimum", 1), **given}
    machines = Instances(type=kind, **numbers)
    check_range(f"{where}.instances.minimum", machines.minimum, 1, MAX_INSTANCES)
    check_range(f"{where}.instances.maximum", machines.maximum, 1, MAX_INSTANCES)
    check_range(f"{where}.instances.invocations", machines.invocations, 1, 1_000_000, " a minute")
    if machines.maximum < machines.minimum:
        raise SettingsError(
            f"{where}.instances.maximum is {machines.maximum}, under minimum, {machines.minimum}."
            " Raise it, or lower minimum."
        )
    return machines


def _sizes(where: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    memory = entry.get("memory", ModelSettings.memory)
    maximum = entry.get("maxConcurrency", ModelSettings.max_concurrency)
    warm = entry.get("provisionedConcurrency", ModelSettings.provisioned_concurrency)
    check_choice(f"{where}.memory", memory, SIZES)
    check_range(f"{where}.maxConcurrency", maximum, 1, MAX_CONCURRENCY)
    check_range(f"{where}.provisionedConcurrency", warm, 0, MAX_CONCURRENCY)
    if warm > maximum:
        raise SettingsError(
            f"{where}.provisionedConcurrency is {warm}, over maxConcurrency, {maximum}."
            " Lower it, or raise maxConcurrency."
        )
    return {
        "memory": memory,
        "max_concurrency": maximum,
        "provisioned_concurrency": warm,
    }


def _check_memory(where: str, memory: int, folder: ModelFolder) -> None:
    needed = smallest_size(folder.peak_memory)
    if needed is None or 2 * folder.size > DISK:
        raise SettingsError(
            f"{where}.folder holds {folder.size / 1e6:.0f} MB, more than a serverless endpoint can"
            " serve. Convert the model to int8, or take a smaller one."
        )
    if memory < needed:
        raise SettingsError(
            f"{where}.memory is {memory}, too little for a model of {folder.size / 1e6:.0f} MB."
            f" Set it to {needed} or more."
        )
