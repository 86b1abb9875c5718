"""A model before its first step: with random weights."""

from dataclasses import dataclass

import numpy as np

from models.training.variables import Variables


@dataclass(frozen=True)
class Size:
    """Width of the states and of the feed-forward layers, heads, layers of both sides."""

    width: int
    inner: int
    heads: int
    encoder: int
    decoder: int


SIZES = {
    "small": Size(256, 1024, 4, 4, 2),  # a CPU trains it in hours, as it did the first models here
    "base": Size(512, 2048, 8, 6, 2),  # for a GPU
}
_PLACES = 512


def random_variables(size: Size, words: int, seed: int = 1) -> Variables:
    """A pre-norm Transformer whose source, target and output share their ``words`` rows."""
    rng = np.random.default_rng(seed)
    arrays: dict[str, np.ndarray] = {}

    def linear(name: str, outputs: int, inputs: int) -> None:
        bound = (6 / (inputs + outputs)) ** 0.5
        arrays[f"{name}/weight"] = rng.uniform(-bound, bound, (outputs, inputs)).astype("float32")
        arrays[f"{name}/bias"] = np.zeros(outputs, "float32")

    def norm(name: str) -> None:
        arrays[f"{name}/gamma"] = np.ones(size.width, "float32")
        arrays[f"{name}/beta"] = np.zeros(size.width, "float32")

    def sublayer(name: str, *shapes: tuple[int, int]) -> None:
        for number, shape in enumerate(shapes):
            linear(f"{name}/linear_{number}", *shape)
        norm(f"{name}/layer_norm")

    wide, inner = size.width, size.inner
    for side, layers in (("encoder", size.encoder), ("decoder", size.decoder)):
        for layer in range(layers):
            name = f"{side}/layer_{layer}"
            sublayer(f"{name}/self_attention", (3 * wide, wide), (wide, wide))
            if side == "decoder":
                sublayer(f"{name}/attention", (wide, wide), (2 * wide, wide), (wide, wide))
            sublayer(f"{name}/ffn", (inner, wide), (wide, inner))
        norm(f"{side}/layer_norm")
        arrays[f"{side}/num_heads"] = np.array(size.heads, "int16")
        arrays[f"{side}/pre_norm"] = arrays[f"{side}/scale_embeddings"] = np.array(1, "int8")
    rows = rng.normal(0, wide**-0.5, (words, wide)).astype("float32")
    arrays["decoder/embeddings/weight"] = rows
    arrays["decoder/projection/bias"] = np.zeros(words, "float32")
    arrays["decoder/position_encodings/encodings"] = _positions(wide)
    aliases = {
        "decoder/projection/weight": "decoder/embeddings/weight",
        "encoder/embeddings_0/weight": "decoder/embeddings/weight",
        "encoder/position_encodings/encodings": "decoder/position_encodings/encodings",
    }
    return Variables(arrays, aliases)


def _positions(width: int) -> np.ndarray:
    """Sines and cosines, as in "Attention Is All You Need", one half after the other."""
    rates = np.exp(np.arange(width // 2) * -(np.log(10000.0) / (width / 2 - 1)))
    angles = np.arange(_PLACES)[:, None] * rates[None]
    return np.concatenate([np.sin(angles), np.cos(angles)], 1).astype("float32")
