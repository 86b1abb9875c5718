"""A training's folder: its text, its settings, the model it starts from, its checkpoint."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model_folder import ModelError
from model_folder.layout import ENGINE, SHARED_PIECES, VOCABULARY_MAP
from models.training import corpus
from models.training.start import SIZES, random_variables
from models.training.tokens import Tokens, train_pieces
from models.training.variables import Variables, read_variables, write_model
from models.training.vocabulary_map import joined, learn_map, read_map, write_map

_FROM = "from.txt"
"""Names the model folder that a fine-tuning starts from."""
_CONFIG = {
    "unk_token": "<unk>",
    "bos_token": "<s>",
    "eos_token": "</s>",
    "decoder_start_token": "<s>",
    "add_source_bos": False,
    "add_source_eos": True,
}


@dataclass(frozen=True)
class Work:
    """``folder`` holds ``start/`` and ``model/``, both model folders, and a file a part."""

    folder: Path

    @property
    def is_new(self) -> bool:
        """Whether the model began with random weights, not as another model."""
        return not (self.folder / _FROM).is_file()

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    @property
    def start(self) -> Path:
        return self.folder / "start"

    @property
    def model(self) -> Path:
        return self.folder / "model"

    def part(self, name: str) -> list[corpus.Pair]:
        """`corpus.PARTS`. Raises ModelError before `prepare`."""
        path = self.folder / f"{name}.jsonl"
        if not path.is_file():
            raise ModelError(f"{path} is missing. Run python -m models.training prepare first.")
        return corpus.read_part(path)

    def config(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.start / ENGINE / "config.json").read_bytes())
        return found

    def variables(self) -> Variables:
        return read_variables(self.start / ENGINE / "model.bin")

    def tokens(self) -> Tokens:
        words = {side: _words(self.start / ENGINE, side) for side in ("source", "target")}
        unknown = self.config().get("unk_token", "<unk>")
        return Tokens(self.start / SHARED_PIECES, words["source"], words["target"], unknown)

    def learn_map(self) -> None:
        """Write what each token may become, by the training text and the map of the start.

        A start without one keeps all that it can say: the text may be of one house only.
        """
        path = self._map(self.start)
        earlier = [read_map(path)] if path.is_file() else []
        if self.is_new or earlier:
            tokens = self.tokens()
            own = learn_map(tokens.ids(self.part("train")), **tokens.words)
            write_map(joined([*earlier, own]), path)

    def _map(self, folder: Path) -> Path:
        return folder / ENGINE / VOCABULARY_MAP

    def write(self, arrays: dict[str, np.ndarray]) -> None:
        """Put the model with these weights, as int8, in ``model/``, in place of an earlier one."""
        new = self.folder / "model.new"
        shutil.rmtree(new, ignore_errors=True)
        start = self.variables()
        _write(new, Variables(arrays, start.aliases), self.config(), self.tokens().words, "int8")
        shutil.copyfile(self.start / SHARED_PIECES, new / SHARED_PIECES)
        if self._map(self.start).is_file():
            shutil.copyfile(self._map(self.start), self._map(new))
        shutil.rmtree(self.model, ignore_errors=True)
        new.rename(self.model)


def prepare(
    folder: Path, pairs: list[corpus.Pair], start: Path | None, size: str, words: int
) -> Work:
    """Divide the text and lay the model to start from beside it. Raises ModelError."""
    if folder.exists():
        raise ModelError(f"{folder} exists. Name a new folder, or remove it.")
    if start and not (start / ENGINE / "model.bin").is_file():
        raise ModelError(
            f"{start} holds no {ENGINE}/model.bin. Name a model folder, as models/en_de."
        )
    parts = corpus.divide(corpus.good_pairs(pairs))
    work = Work(folder)
    work.start.mkdir(parents=True)
    for name, part in parts.items():
        corpus.write_part(folder / f"{name}.jsonl", part)
    if start:
        shutil.copytree(start / ENGINE, work.start / ENGINE)
        shutil.copyfile(start / SHARED_PIECES, work.start / SHARED_PIECES)
        (folder / _FROM).write_text(f"{start}\n", "utf-8")
    else:
        _begin(work, parts["train"], size, words)
    work.learn_map()
    return work


def _begin(work: Work, pairs: list[corpus.Pair], size: str, words: int) -> None:
    text = work.folder / "text"
    text.write_text("".join(f"{line}\n" for pair in pairs for line in pair), "utf-8")
    pieces = train_pieces(text, work.start / "sentencepiece", words)
    text.unlink()
    variables = random_variables(SIZES[size], len(pieces))
    _write(work.start, variables, _CONFIG, {"source": pieces, "target": pieces}, "float32")


def _write(
    folder: Path,
    variables: Variables,
    config: dict[str, Any],
    words: dict[str, list[str]],
    quantization: str,
) -> None:
    write_model(variables, config, words, folder / ENGINE, quantization)


def _words(engine: Path, side: str) -> list[str]:
    for name in ("shared_vocabulary", f"{side}_vocabulary"):
        if (path := engine / f"{name}.json").is_file():
            found: list[str] = json.loads(path.read_bytes())
            return found
    raise ModelError(f"{engine} holds no {side} vocabulary as JSON. Convert the model again.")
