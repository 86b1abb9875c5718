"""Where the files of a CTranslate2 model lie, in the layouts people already have."""

import json
from pathlib import Path
from typing import Any

ENGINE = "ctranslate2_model"
"""The engine's folder in our own layout."""

ENGINES = (
    ENGINE,
    "model",  # an unpacked Argos package
    ".",  # the folder that CTranslate2's converters write
)
VOCABULARY_MAP = "vmap.txt"
"""Beside `model.bin`, in CTranslate2's format: what each source token may become."""
SHARED_PIECES = "sentencepiece.model"
OWN_PIECES = ("source.spm", "target.spm")


def find_engine(folder: Path) -> Path | None:
    """The folder that holds `model.bin`; None where there is none."""
    places = (folder / name for name in ENGINES)
    return next((place for place in places if (place / "model.bin").is_file()), None)


def find_pieces(folder: Path) -> tuple[Path, Path] | None:
    """The SentencePiece models of source and target, which may be one file."""
    for source, target in ((SHARED_PIECES, SHARED_PIECES), OWN_PIECES):
        if (folder / source).is_file() and (folder / target).is_file():
            return folder / source, folder / target
    return None


def read_config(engine: Path) -> dict[str, Any]:
    """What CTranslate2's converters write beside the model; empty for old models."""
    path = engine / "config.json"
    return dict(json.loads(path.read_bytes())) if path.is_file() else {}


def end_token(config: dict[str, Any]) -> str:
    """The token that ends a sentence."""
    return str(config.get("eos_token", "</s>"))


def source_suffix(config: dict[str, Any]) -> list[str]:
    """What has to follow every text, unless the manifest says otherwise.

    Models from Transformers were trained to see an end token there; their decoder starts
    from it too. Converted from anything else, the model adds it by itself or needs none.
    """
    end = end_token(config)
    needed = not config.get("add_source_eos", True) and config.get("decoder_start_token") == end
    return [end] if needed else []
