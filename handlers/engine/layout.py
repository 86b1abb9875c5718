"""Which files of a model folder are what, in the layouts people already have."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handlers.contract.model_folder import ModelError, ModelFolder

_MODEL_FOLDERS = (
    "ctranslate2_model",  # our own layout
    "model",  # an unpacked Argos package
    ".",  # the folder that CTranslate2's converters write
)
_PIECES = (("sentencepiece.model",) * 2, ("source.spm", "target.spm"))


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a folder's parts are, and the tokens to put around every segment."""

    model: Path
    source_pieces: Path
    target_pieces: Path
    source_prefix: list[str]
    source_suffix: list[str]
    target_prefix: list[str]
    end: str
    """The token that ends a sentence."""


def find_layout(folder: ModelFolder) -> Layout:
    """Raises `ModelError` naming what was looked for where something is missing."""
    model = _find_model(folder.path)
    source_pieces, target_pieces = _find_pieces(folder.path)
    tokens = folder.manifest.get
    config = _config(model)
    end = str(config.get("eos_token", "</s>"))
    return Layout(
        model=model,
        source_pieces=source_pieces,
        target_pieces=target_pieces,
        source_prefix=tokens("source_prefix", []),
        source_suffix=tokens("source_suffix", _suffix(config, source_pieces, end)),
        target_prefix=tokens("target_prefix", []),
        end=end,
    )


def _find_model(path: Path) -> Path:
    for name in _MODEL_FOLDERS:
        if (path / name / "model.bin").is_file():
            return path / name
    raise ModelError(
        f"{path}: no model.bin in {', '.join(f'{name}/' for name in _MODEL_FOLDERS)}. "
        "Put a model converted for CTranslate2 there."
    )


def _find_pieces(path: Path) -> tuple[Path, Path]:
    for source, target in _PIECES:
        if (path / source).is_file() and (path / target).is_file():
            return path / source, path / target
    raise ModelError(
        f"{path}: neither sentencepiece.model nor source.spm and target.spm. "
        "Copy the tokeniser that the model was trained with beside it."
    )


def _config(model: Path) -> dict[str, Any]:
    """What CTranslate2's converters write beside the model; empty for old models."""
    path = model / "config.json"
    return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}


def _suffix(config: dict[str, Any], source_pieces: Path, end: str) -> list[str]:
    """OPUS-MT models were trained to see an end token after the source.

    Converted from Marian, the model adds it by itself; converted from
    Transformers, it says that it does not, and we must.
    """
    if source_pieces.name != "source.spm" or config.get("add_source_eos", True):
        return []
    return [end]
