"""What the sources' own indexes list, as models of the catalogue."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from handlers import ModelError
from model_folder.pair import parse_pair
from models import hub
from models.download import read_json

Models = dict[str, dict[str, Any]]
"""By pair: name, version, COMET where it was measured, files."""

FIREFOX = (
    "https://storage.googleapis.com/moz-fx-translations-data--303e-prod-translations-data/"
    "db/models.json"
)
ARGOS = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/index.json"
_MODEL = "model"
_PERCENT = 100


def firefox(mirror: str = "") -> tuple[str, Models]:
    """The address that file names are relative to, and each pair's best released model.

    Mozilla publishes the hash of a model's weights only. ``mirror`` (`hf:ORGANISATION/NAME`)
    holds the same files uncompressed: a folder in it with these very weights tells the hashes
    of the vocabularies and the shortlist. Raises ModelError.
    """
    index = read_json(FIREFOX)
    mirrored = _Mirror(hub.hashes(mirror) if mirror else {})
    models: Models = {}
    try:
        for released in map(_released, index["models"].values()):
            if released and (pair := _pair(released[0], "sourceLanguage", "targetLanguage")):
                models[pair] = _firefox_model(max(released, key=_quality), mirrored)
        return f"{index['baseUrl'].rstrip('/')}/", models
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _unknown(FIREFOX) from error


def argos() -> tuple[str, Models]:
    """As `firefox`: of each pair the newest package. Nobody publishes hashes. Raises ModelError."""
    base = "https://argos-net.com/v1/"
    models: Models = {}
    try:
        for package in sorted(read_json(ARGOS), key=_version):
            pair = _pair(package, "from_code", "to_code")
            link = next((one for one in package.get("links", ()) if one.startswith("https:")), "")
            if pair and link:
                models[pair] = {
                    "name": f"argos-{package['from_code']}-{package['to_code']}",
                    "version": package["package_version"],
                    "files": {link.removeprefix(base): {}},
                }
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _unknown(ARGOS) from error
    return base, models


class _Mirror:
    """Hashes of files, found beside weights that are known."""

    def __init__(self, hashes: Mapping[str, str]) -> None:
        self._hashes = hashes
        self._homes = {digest: PurePosixPath(path).parent for path, digest in hashes.items()}

    def beside(self, weights: str, name: str) -> str:
        """The sha256 of the file ``name``; empty if it is not there."""
        home = self._homes.get(weights)
        return self._hashes.get(str(home / name), "") if home else ""


def _released(models: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in models if str(one.get("releaseStatus")).startswith("Release")]


def _quality(model: dict[str, Any]) -> tuple[float, int]:
    """By COMET; where it was not measured, the largest."""
    return _comet(model) or 0.0, model["files"][_MODEL]["uncompressedSize"]


def _comet(model: dict[str, Any]) -> float | None:
    """From 0 to 1, in whichever scale it is written."""
    score = ((model.get("metrics") or {}).get("flores200-plus") or {}).get("comet")
    if score is None:
        return None
    return round(score / _PERCENT if score > 1 else score, 4)


def _firefox_model(model: dict[str, Any], mirror: _Mirror) -> dict[str, Any]:
    weights = model["files"][_MODEL]["uncompressedHash"]
    source, target = model["sourceLanguage"], model["targetLanguage"]
    comet = _comet(model)
    return {
        "name": f"firefox-{model['architecture']}-{source}-{target}",
        "version": weights[:12],
        **({"comet": comet} if comet is not None else {}),
        "files": dict(sorted(_firefox_files(model["files"], weights, mirror))),
    }


def _firefox_files(
    files: Mapping[str, Any], weights: str, mirror: _Mirror
) -> Iterator[tuple[str, dict[str, str]]]:
    for kind, file in files.items():
        name = PurePosixPath(file["path"]).name.removesuffix(".gz")
        digest = weights if kind == _MODEL else mirror.beside(weights, name)
        yield file["path"], {"unpacked_sha256": digest} if digest else {}


def _pair(entry: Mapping[str, Any], source: str, target: str) -> str:
    """Empty for codes that no pair has."""
    codes = (str(entry[key]).replace("_", "-") for key in (source, target))
    return str(parse_pair("_".join(codes)) or "")


def _version(package: Mapping[str, Any]) -> list[int]:
    return [int(part) for part in package["package_version"].split(".")]


def _unknown(url: str) -> ModelError:
    return ModelError(
        f"{url} is written in a way that is not known here. Its format may have changed."
    )
