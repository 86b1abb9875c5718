"""A model with random weights, built in a second: says the same for ever, never ends.

Whatever it is asked, it answers with noise up to the length cap. What still
comes back whole is owed to the pipeline alone.
"""

import shutil
from pathlib import Path

import numpy as np
from ctranslate2.specs import common_spec, transformer_spec
from sentencepiece import SentencePieceProcessor

from tests.running import MODELS

_WIDTH, _HEADS, _POSITIONS = 16, 2, 1024


def build_random_model(folder: Path, seed: int = 7) -> Path:
    """A model folder at ``folder`` in the project's own layout, with the embedded tokeniser."""
    pieces = MODELS / "en_de" / "sentencepiece.model"
    processor = SentencePieceProcessor(model_file=str(pieces))
    vocabulary = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
    (folder / "ctranslate2_model").mkdir(parents=True)
    shutil.copy(pieces, folder)
    _spec(vocabulary, np.random.default_rng(seed)).save(str(folder / "ctranslate2_model"))
    return folder


def _spec(vocabulary: list[str], random: np.random.Generator) -> transformer_spec.TransformerSpec:
    spec = transformer_spec.TransformerSpec.from_config(
        (1, 1), _HEADS, pre_norm=True, activation=common_spec.Activation.RELU
    )

    def matrix(*shape: int) -> np.ndarray:
        return random.standard_normal(shape).astype(np.float32)

    embedding = matrix(len(vocabulary), _WIDTH)
    for part, layers in ((spec.encoder, spec.encoder.layer), (spec.decoder, spec.decoder.layer)):
        part.position_encodings.encodings = matrix(_POSITIONS, _WIDTH)
        part.scale_embeddings = True
        _norm(part.layer_norm)
        for layer in layers:
            _fill(layer, matrix)
    spec.encoder.embeddings[0].weight = embedding
    spec.decoder.embeddings.weight = embedding
    spec.decoder.projection.weight = embedding
    spec.decoder.projection.bias = np.zeros(len(vocabulary), np.float32)
    spec.decoder.projection.bias[vocabulary.index("</s>")] = -1e6  # never ends
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.config.add_source_eos = True
    spec.config.decoder_start_token = "<s>"
    spec.validate()
    spec.optimize(quantization="int8")
    return spec


def _norm(norm: common_spec.LayerNormSpec) -> None:
    norm.gamma, norm.beta = np.ones(_WIDTH, np.float32), np.zeros(_WIDTH, np.float32)


def _fill(layer, matrix) -> None:
    attentions = [(layer.self_attention, (3 * _WIDTH, _WIDTH))]
    if hasattr(layer, "attention"):
        attentions.append((layer.attention, (_WIDTH, 2 * _WIDTH, _WIDTH)))
    for attention, rows in attentions:
        _norm(attention.layer_norm)
        for linear, height in zip(attention.linear, rows, strict=True):
            linear.weight, linear.bias = matrix(height, _WIDTH), matrix(height)
    _norm(layer.ffn.layer_norm)
    layer.ffn.linear_0.weight, layer.ffn.linear_0.bias = matrix(32, _WIDTH), matrix(32)
    layer.ffn.linear_1.weight, layer.ffn.linear_1.bias = matrix(_WIDTH, 32), matrix(_WIDTH)
