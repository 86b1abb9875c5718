"""SentencePiece: text to tokens and back."""

from collections.abc import Sequence
from pathlib import Path

from sentencepiece import SentencePieceProcessor

from handlers.contract.model_folder import ModelError


class Pieces:
    """One pair's two tokenisers, which often are the same file."""

    def __init__(self, source: Path, target: Path) -> None:
        self._source = _load(source)
        self._target = self._source if source == target else _load(target)

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        # num_threads: a thread pool per call costs more than it brings.
        tokens: list[list[str]] = self._source.encode(list(texts), out_type=str, num_threads=1)
        return tokens

    def decode(self, tokens: Sequence[list[str]]) -> list[str]:
        texts: list[str] = self._target.decode(list(tokens), num_threads=1)
        return texts


def _load(path: Path) -> SentencePieceProcessor:
    try:
        return SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError) as error:
        raise ModelError(
            f"{path} is not a SentencePiece model ({error}). Copy the file again."
        ) from error
