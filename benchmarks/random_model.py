"""A tiny model with random weights: right in structure, wrong in every word.

Made in under a second with CTranslate2's specs API; it repeats itself, copies
nothing and runs into every length cap, so it tests what must hold whatever the
model says.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import sentencepiece
from ctranslate2.specs import TransformerSpec
from ctranslate2.specs.model_spec import visit_spec


def make_pieces(path: Path, sentences: list[str], size: int = 200) -> None:
    """Train a SentencePiece model with byte fallback on ``sentences``."""
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_prefix=str(path.with_suffix("")),
        vocab_size=size + 259,
        byte_fallback=True,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    path.with_suffix("").with_suffix(".vocab").unlink(missing_ok=True)
    Path(f"{path.with_suffix('')}.model").rename(path)


def pieces_of(path: Path) -> list[str]:
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return [processor.id_to_piece(index) for index in range(processor.get_piece_size())]


def make_model(
    folder: Path,
    vocabulary: list[str],
    *,
    layers: int = 1,
    width: int = 16,
    heads: int = 2,
    positions: int = 1024,
    add_source_eos: bool = True,
    seed: int = 1,
    quantization: str | None = None,
    ends: bool = True,
    teach: Callable[[TransformerSpec], None] = lambda spec: None,
) -> None:
    """Write a Transformer with weights from ``seed`` into ``folder``.

    Unless it ``ends``, every answer runs into its length cap. ``teach`` changes weights.
    """
    random = np.random.default_rng(seed)
    spec = TransformerSpec.from_config((layers, layers), heads)

    def weights(*shape: int) -> np.ndarray:
        return random.standard_normal(shape, dtype=np.float32) / 4

    def norm(part: object, name: str, value: object) -> None:
        if value is None and name.endswith(("gamma", "beta")):
            make = np.ones if name.endswith("gamma") else np.zeros
            setattr(part, name.rpartition("/")[2], make(width, dtype=np.float32))

    def linear(part: object, rows: int, columns: int) -> None:
        part.weight, part.bias = weights(rows, columns), weights(rows)

    visit_spec(spec, norm)
    for layer in spec.encoder.layer + spec.decoder.layer:
        linear(layer.self_attention.linear[0], 3 * width, width)
        linear(layer.self_attention.linear[1], width, width)
        if hasattr(layer, "attention"):
            linear(layer.attention.linear[0], width, width)
            linear(layer.attention.linear[1], 2 * width, width)
            linear(layer.attention.linear[2], width, width)
        linear(layer.ffn.linear_0, 4 * width, width)
        linear(layer.ffn.linear_1, width, 4 * width)
    spec.encoder.embeddings[0].weight = weights(len(vocabulary), width)
    spec.decoder.embeddings.weight = weights(len(vocabulary), width)
    for part in (spec.encoder, spec.decoder):
        part.position_encodings.encodings = weights(positions, width)
    linear(spec.decoder.projection, len(vocabulary), width)
    spec.decoder.projection.bias[vocabulary.index("</s>")] -= 0 if ends else 1e6
    teach(spec)
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.config.add_source_eos = add_source_eos
    spec.validate()
    spec.optimize(quantization=quantization)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    spec.save(str(folder))
