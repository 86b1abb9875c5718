"""A model of OPUS-MT's size, as slow as a real one, that ends its sentences as one does."""

import shutil
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import TransformerSpec

from benchmarks.corpus import MODEL
from benchmarks.random_model import make_model, pieces_of
from model_folder.layout import ENGINE, SHARED_PIECES

_VOCABULARY = 32_000
_WIDTH = 512
ANSWER = ["▁Das", "▁ist", "▁ein", "▁ganz", "▁anderer", "▁Satz", "▁als", "▁der", "."]


def make(folder: Path, layers: int = 6) -> Path:
    """As ``folder``/en_de: width 512, feed-forward 2048, 8 heads, int8, twice ``layers``."""
    pieces = MODEL / SHARED_PIECES
    known = pieces_of(pieces)
    vocabulary = known + [f"<{number}>" for number in range(_VOCABULARY - len(known))]
    pair = folder / "en_de"
    make_model(
        pair / ENGINE,
        vocabulary,
        layers=layers,
        width=_WIDTH,
        heads=8,
        positions=512,
        quantization="int8",
        teach=partial(_teach, vocabulary),
    )
    shutil.copyfile(pieces, pair / SHARED_PIECES)
    return pair


def _teach(vocabulary: list[str], spec: TransformerSpec) -> None:
    """A sentence is answered with `ANSWER`, ends of sentence by themselves with a word.

    Random weights would repeat themselves until the cap, and the server asks again
    then. Here only the decoder's position counts, and what the source is made of: the
    word whose weights are nearest to the sum of both is said.
    """
    positions, projection = spec.decoder.position_encodings.encodings, spec.decoder.projection
    positions[len(ANSWER) :] = positions[len(ANSWER)]  # what has not ended by then ends then
    length = np.linalg.norm(positions[0])
    _silence(spec)
    # Its outputs, √width long, become twice as long as a position.
    _pass_on(spec.decoder.layer[-1].attention, 2 * length / np.sqrt(_WIDTH))
    for position, token in enumerate(ANSWER):
        projection.weight[vocabulary.index(token)] = 4 * positions[position]
    end = vocabulary.index("</s>")
    ends = spec.encoder.embeddings[0].weight[end]
    projection.weight[end] = 4 * positions[len(ANSWER)] + 3.2 * length * ends / np.linalg.norm(ends)
    projection.bias[end] = -120  # else the one end of each sentence makes it end too soon


def _silence(spec: TransformerSpec) -> None:
    """Nothing that a layer computes weighs anything, nor what was said before."""
    spec.decoder.embeddings.weight *= 1e-4
    for layer in spec.encoder.layer + spec.decoder.layer:
        outputs = [layer.self_attention.linear[-1], layer.ffn.linear_1]
        outputs += [layer.attention.linear[-1]] if hasattr(layer, "attention") else []
        for output in outputs:
            output.weight *= 1e-4
            output.bias *= 0


def _pass_on(attention: Any, scale: float) -> None:
    """Its output is ``scale`` times the mean of the encoder's outputs."""
    _, keys_values, output = attention.linear
    for part in attention.linear:
        part.weight *= 0
        part.bias *= 0
    keys_values.weight[_WIDTH:] = np.eye(_WIDTH)
    output.weight[:] = scale * np.eye(_WIDTH)
