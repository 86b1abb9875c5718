"""Text as the ids of a model's two vocabularies."""

from collections.abc import Sequence
from pathlib import Path

import sentencepiece

from models.training.corpus import Pair


class Tokens:
    """SentencePiece, and the row of each piece on the source and on the target side."""

    def __init__(self, model: Path, source: Sequence[str], target: Sequence[str], unknown: str):
        self.words = {"source": list(source), "target": list(target)}
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(model))
        self._rows = [{word: row for row, word in enumerate(side)} for side in (source, target)]
        self._unknown = [rows.get(unknown, 0) for rows in self._rows]

    def ids(self, pairs: Sequence[Pair]) -> list[tuple[list[int], list[int]]]:
        """Both sides' rows; without pairs whose translation has a piece that the model lacks."""
        source, target = (self._side(side, [pair[side] for pair in pairs]) for side in (0, 1))
        unknown = self._unknown[1]
        return [rows for rows in zip(source, target, strict=True) if unknown not in rows[1]]

    def row(self, word: str, side: int) -> int:
        """The row of a token such as ``</s>``; 0 of one that the model lacks."""
        return self._rows[side].get(word, 0)

    def _side(self, side: int, texts: list[str]) -> list[list[int]]:
        rows, unknown = self._rows[side], self._unknown[side]
        found = self._pieces.encode(texts, out_type=str)
        return [[rows.get(piece, unknown) for piece in pieces] for pieces in found]


def train_pieces(text: Path, prefix: Path, words: int) -> list[str]:
    """Write ``prefix``.model of at most ``words`` pieces; returns the pieces in order."""
    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(prefix),
        vocab_size=words,
        hard_vocab_limit=False,
        byte_fallback=True,
        character_coverage=0.9995,
        input_sentence_size=1_000_000,
        shuffle_input_sentence=True,
        minloglevel=2,
    )
    prefix.with_suffix(".vocab").unlink()
    pieces = sentencepiece.SentencePieceProcessor(model_file=f"{prefix}.model")
    return [pieces.id_to_piece(number) for number in range(pieces.vocab_size())]
