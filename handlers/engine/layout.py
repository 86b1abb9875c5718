"""What the default handler takes from a model folder: its files, and the tokens around a text."""

from dataclasses import dataclass
from pathlib import Path

from model_folder import ModelError, ModelFolder
from model_folder.layout import (
    ENGINES,
    VOCABULARY_MAP,
    end_token,
    find_engine,
    find_pieces,
    read_config,
    source_suffix,
)


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
    has_map: bool
    """Whether the engine has a vocabulary map, and so computes some hundred outputs, not all."""


def find_layout(folder: ModelFolder) -> Layout:
    """Raises `ModelError` naming what was looked for where something is missing."""
    model, pieces = find_engine(folder.path), find_pieces(folder.path)
    if model is None:
        raise ModelError(
            f"{folder.path}: no model.bin in {', '.join(f'{name}/' for name in ENGINES)}. "
            "Put a model converted for CTranslate2 there."
        )
    if pieces is None:
        raise ModelError(
            f"{folder.path}: neither sentencepiece.model nor source.spm and target.spm. "
            "Copy the tokeniser that the model was trained with beside it."
        )
    tokens, config = folder.manifest.get, read_config(model)
    return Layout(
        model,
        *pieces,
        source_prefix=tokens("source_prefix", []),
        source_suffix=tokens("source_suffix", source_suffix(config)),
        target_prefix=tokens("target_prefix", []),
        end=end_token(config),
        has_map=_has_map(model / VOCABULARY_MAP),
    )


def _has_map(path: Path) -> bool:
    """Raises `ModelError` for a folder or an empty file: either ends the process that loads it."""
    if path.is_dir():
        raise ModelError(f"{path} is a folder. Remove it: a model needs none.")
    if (found := path.is_file()) and not path.stat().st_size:
        raise ModelError(f"{path} is empty. Copy it again, or remove it: a model needs none.")
    return found
