"""The files of a model that is converted for CTranslate2, in any usual layout."""

import json
import shutil
from pathlib import Path

from handlers import ModelError
from model_folder.layout import ENGINE, VOCABULARY_MAP

_FILES = ("model.bin", "config.json", "*vocabulary.json", "*vocabulary.txt", VOCABULARY_MAP)


def take_model(model: Path, folder: Path) -> None:
    """Copy the engine's files, and nothing else, from `model` into `folder`, in our own layout."""
    (folder / ENGINE).mkdir(parents=True)
    for pattern in _FILES:
        for path in sorted(model.glob(pattern)):
            shutil.copyfile(path, folder / ENGINE / path.name)


def vocabulary(folder: Path) -> set[str]:
    """The source tokens that the model of a folder in our own layout knows."""
    for name in ("shared_vocabulary", "source_vocabulary"):
        if (path := folder / ENGINE / f"{name}.json").is_file():
            return set(json.loads(path.read_bytes()))
        if (path := path.with_suffix(".txt")).is_file():
            return set(path.read_text("utf-8").split("\n"))
    raise ModelError(f"{folder / ENGINE} holds no vocabulary. Convert the model again.")
