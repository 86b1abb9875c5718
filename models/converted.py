"""The files of a model that is converted for CTranslate2, in any usual layout."""

import json
import shutil
from pathlib import Path
from typing import Any

from handlers import ModelError

FOLDER = "ctranslate2_model"  # in our own layout
_PLACES = (FOLDER, "model", ".")
_FILES = ("model.bin", "config.json", "*vocabulary.json", "*vocabulary.txt", "vmap.txt")


def find_model(source: Path) -> Path | None:
    """The folder that holds `model.bin`."""
    places = (source / name for name in _PLACES)
    return next((place for place in places if (place / "model.bin").is_file()), None)


def take_model(model: Path, folder: Path) -> None:
    """Copy the engine's files, and nothing else, from `model` into `folder`, in our own layout."""
    (folder / FOLDER).mkdir(parents=True)
    for pattern in _FILES:
        for path in sorted(model.glob(pattern)):
            shutil.copyfile(path, folder / FOLDER / path.name)


def vocabulary(folder: Path) -> set[str]:
    """The source tokens that the model of a folder in our own layout knows."""
    for name in ("shared_vocabulary", "source_vocabulary"):
        if (path := folder / FOLDER / f"{name}.json").is_file():
            return set(json.loads(path.read_bytes()))
        if (path := path.with_suffix(".txt")).is_file():
            return set(path.read_text("utf-8").split("\n"))
    raise ModelError(f"{folder / FOLDER} holds no vocabulary. Convert the model again.")


def end_token(folder: Path) -> list[str]:
    """What has to follow every text, for the manifest's `source_suffix`.

    Models from Transformers were trained to see an end token there; their decoder starts
    from it too. Converted from anything else, the model adds it by itself or needs none.
    """
    path = folder / FOLDER / "config.json"
    config: dict[str, Any] = json.loads(path.read_bytes()) if path.is_file() else {}
    end = config.get("eos_token", "</s>")
    needed = not config.get("add_source_eos", True) and config.get("decoder_start_token") == end
    return [end] if needed else []
