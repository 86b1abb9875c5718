"""A model of OPUS-MT's size with random weights: as slow as a real one, and it ships nowhere."""

import shutil
from pathlib import Path

from benchmarks.corpus import MODEL
from tests.random_model import make_model, pieces_of

_VOCABULARY = 32_000


def make(folder: Path, layers: int = 6) -> Path:
    """As ``folder``/en_de: width 512, feed-forward 2048, 8 heads, int8, twice ``layers``."""
    pieces = MODEL / "sentencepiece.model"
    known = pieces_of(pieces)
    vocabulary = known + [f"<{number}>" for number in range(_VOCABULARY - len(known))]
    pair = folder / "en_de"
    make_model(
        pair / "ctranslate2_model",
        vocabulary,
        layers=layers,
        width=512,
        heads=8,
        positions=512,
        quantization="int8",
    )
    shutil.copyfile(pieces, pair / "sentencepiece.model")
    return pair
