"""The manifest of a model folder: `model.json`, or Argos' `metadata.json`.

Keys that are not known here are let through: newer tools may write more than an older server reads.
"""

import json
from pathlib import Path
from typing import Any

from model_folder.calibration import fault
from model_folder.errors import ModelError

MANIFEST = "model.json"
_ARGOS = "metadata.json"


def find_manifest(folder: Path) -> Path | None:
    """The file that describes the folder's model; None where there is none."""
    return next((folder / name for name in (MANIFEST, _ARGOS) if (folder / name).is_file()), None)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest's keys; of an unpacked Argos package, what its own says of them.

    Empty if the folder has neither. Raises `ModelError` for a malformed file.
    """
    path = find_manifest(folder)
    if path is None:
        return {}
    manifest = _read(path)
    if path.name == _ARGOS:
        return _from_argos(manifest)
    _check(path, manifest)
    return manifest


def _read(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} is not JSON: {error}. Copy or write it anew.") from error
    if not isinstance(manifest, dict):
        raise ModelError(f"{path} holds no JSON object. Copy or write it anew.")
    return manifest


def _check(path: Path, manifest: dict[str, Any]) -> None:
    for key in ("name", "version", "source", "target"):
        if not isinstance(manifest.get(key, ""), str):
            raise ModelError(f'{path}: "{key}" is {manifest[key]!r}, but must be a string.')
    for key in ("source_prefix", "source_suffix", "target_prefix"):
        _check_tokens(path, key, manifest.get(key, []))
    masks = manifest.get("masks", [])
    if not isinstance(masks, list) or not all(
        isinstance(mask, str) and mask.isalnum() and len(mask) < 20 for mask in masks
    ):
        raise ModelError(f'{path}: "masks" is {masks!r}, but must be a list of words.')
    peak = manifest.get("peak_memory", 0)
    if type(peak) is not int or peak < 0:
        raise ModelError(f'{path}: "peak_memory" is {peak!r}, but must be a number of bytes.')
    if type(shown := manifest.get("demonstration", False)) is not bool:
        raise ModelError(f'{path}: "demonstration" is {shown!r}, but must be true or false.')
    if wrong := fault(manifest.get("calibration")):
        raise ModelError(f"{path}: {wrong}.")
    _check_files(path, manifest.get("files", {}))


def _check_tokens(path: Path, key: str, tokens: object) -> None:
    if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
        raise ModelError(f'{path}: "{key}" is {tokens!r}, but must be a list of tokens (strings).')


def _check_files(path: Path, files: object) -> None:
    if not isinstance(files, dict):
        raise ModelError(f'{path}: "files" must map names to {{"sha256": …, "size": …}}.')
    for name, facts in files.items():
        if not isinstance(facts, dict) or not isinstance(facts.get("sha256"), str):
            raise ModelError(f'{path}: "files" gives no "sha256" for {name!r}.')


def _from_argos(metadata: dict[str, Any]) -> dict[str, Any]:
    """Argos' ``metadata.json`` in our words (argostranslate/package.py has theirs)."""
    names = {"source": "from_code", "target": "to_code", "version": "package_version"}
    manifest: dict[str, Any] = {
        ours: str(metadata[theirs]) for ours, theirs in names.items() if theirs in metadata
    }
    if prefix := metadata.get("target_prefix"):
        manifest["target_prefix"] = [str(prefix)]
    return manifest
