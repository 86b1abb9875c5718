"""A tiny Marian model, with random weights, zipped as OPUS-MT's are."""

import io
import json
import zipfile

import numpy as np
import sentencepiece

from tests.models.sources import PIECES

_WIDTH, _INNER = 16, 32
_CONFIG = {
    "type": "transformer",
    "transformer-ffn-activation": "swish",
    "transformer-preprocess": "",
    "transformer-postprocess": "dan",
    "transformer-postprocess-emb": "d",
    "transformer-postprocess-top": "",
    "transformer-decoder-autoreg": "self-attention",
    "transformer-no-projection": False,
    "transformer-guided-alignment-layer": "last",
    "transformer-heads": 2,
    "enc-depth": 1,
    "dec-depth": 1,
}


def opus_zip(path):
    """As on object.pouta.csc.fi: everything at the root, with decoder.yml, LICENSE and README."""
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(PIECES))
    tokens = ["</s>", "<unk>", *(pieces.id_to_piece(n) for n in range(3, pieces.vocab_size()))]
    lines = (f"{json.dumps(t, ensure_ascii=False)}: {n}\n" for n, t in enumerate(tokens))
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("decoder.yml", "models:\n  - model.npz\nvocabs:\n  - v.yml\n  - v.yml\n")
        package.writestr("v.yml", "".join(lines))
        package.writestr("model.npz", _weights(len(tokens)))
        package.writestr("LICENSE", "CC-BY 4.0")
        package.writestr("README.md", "# opus-2020-02-26.zip\n")
        for name in ("source.spm", "target.spm"):
            package.write(PIECES, name)
    return path


def _weights(tokens):
    random = np.random.default_rng(7)
    found = {
        "special:model.yml": np.frombuffer(json.dumps(_CONFIG).encode() + b"\0", np.int8),
        "Wemb": random.normal(size=(tokens, _WIDTH)).astype(np.float32),
        "decoder_ff_logit_out_b": np.zeros((1, tokens), np.float32),
    }
    for scope in ("encoder_l1", "decoder_l1"):
        for attention in ["self"] + ["context"] * (scope == "decoder_l1"):
            for part in "qkvo":
                found |= _linear(random, f"{scope}_{attention}", part, _WIDTH, _WIDTH)
            found |= _norm(f"{scope}_{attention}_Wo")
        found |= _linear(random, f"{scope}_ffn", "1", _WIDTH, _INNER)
        found |= _linear(random, f"{scope}_ffn", "2", _INNER, _WIDTH)
        found |= _norm(f"{scope}_ffn_ffn")
    stream = io.BytesIO()
    np.savez(stream, **found)
    return stream.getvalue()


def _linear(random, scope, part, inner, outer):
    return {
        f"{scope}_W{part}": random.normal(size=(inner, outer)).astype(np.float32) / 4,
        f"{scope}_b{part}": np.zeros((1, outer), np.float32),
    }


def _norm(scope):
    ones = np.ones((1, _WIDTH), np.float32)
    return {f"{scope}_ln_scale": ones, f"{scope}_ln_bias": 0 * ones}
