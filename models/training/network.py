"""CTranslate2's Transformer in PyTorch, its parameters under the engine's own names."""

import math
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model_folder import ModelError
from models.training.variables import Variables

_ACTIVATIONS = {0: F.relu, 2: F.silu, 3: F.gelu}
_POSITIONS = "position_encodings/encodings"


class Network(nn.Module):
    """Encoder and decoder of one model; ids are row numbers of its vocabularies.

    ``config`` is the model's `config.json`. Raises ModelError for what cannot be trained:
    relative or rotary positions, other activations.
    """

    def __init__(self, variables: Variables, config: dict[str, Any], dropout: float) -> None:
        super().__init__()
        self.variables = variables
        self.layers = {side: variables.layers(side) for side in ("encoder", "decoder")}
        self.heads = variables.setting("encoder/num_heads")
        self.pre_norm = bool(variables.setting("encoder/pre_norm"))
        self.zero_start = bool(variables.setting("decoder/start_from_zero_embedding"))
        self.epsilon = config.get("layer_norm_epsilon") or 1e-5
        self.dropout = nn.Dropout(dropout)
        kind = variables.setting("encoder/activation")
        if kind not in _ACTIVATIONS or f"decoder/{_POSITIONS}" not in variables.arrays:
            raise ModelError(
                "This model cannot be trained on: only absolute positions with ReLU, SiLU or GELU"
                f" can (its activation is number {kind}). Train a new model without --start."
            )
        self.activation = _ACTIVATIONS[kind]
        trained = {n: a for n, a in variables.arrays.items() if a.ndim and _POSITIONS not in n}
        self.weights = nn.ParameterDict({n: torch.from_numpy(a.copy()) for n, a in trained.items()})
        self.register_buffer(
            "positions", torch.from_numpy(variables.arrays[f"decoder/{_POSITIONS}"].copy()), False
        )

    def weight(self, name: str) -> Tensor | None:
        return self.weights.get(self.variables.aliases.get(name, name))

    def encode(self, ids: Tensor, real: Tensor) -> Tensor:
        """States of the source, (sentences, tokens, width); ``real`` is False at padding."""
        x = self.dropout(self._embed("encoder/embeddings_0", ids) + self._places(ids))
        mask = real[:, None, None, :]
        for layer in range(self.layers["encoder"]):
            x = self._block(x, f"encoder/layer_{layer}/self_attention", self._attend, mask=mask)
            x = self._block(x, f"encoder/layer_{layer}/ffn", self._feed_forward)
        return self._last_norm(x, "encoder")

    def decode(self, ids: Tensor, start: int, memory: Tensor, real: Tensor) -> Tensor:
        """Logits that predict ``ids``, each from the ids before it and the source's states."""
        before = F.pad(ids[:, :-1], (1, 0), value=start)
        x = self._embed("decoder/embeddings", before)
        if self.zero_start:
            x = torch.cat([torch.zeros_like(x[:, :1]), x[:, 1:]], 1)
        x = self.dropout(x + self._places(ids))
        mask = real[:, None, None, :]
        for layer in range(self.layers["decoder"]):
            name = f"decoder/layer_{layer}"
            x = self._block(x, f"{name}/self_attention", self._attend, causal=True)
            x = self._block(x, f"{name}/attention", self._attend, memory=memory, mask=mask)
            x = self._block(x, f"{name}/ffn", self._feed_forward)
        return self._linear(self._last_norm(x, "decoder"), "decoder/projection")

    def arrays(self) -> dict[str, np.ndarray]:
        """Every array of the model, with the weights as they are now."""
        now = {name: w.detach().float().cpu().numpy() for name, w in self.weights.items()}
        return self.variables.arrays | now

    def _embed(self, name: str, ids: Tensor) -> Tensor:
        rows = self.weights[self.variables.aliases.get(f"{name}/weight", f"{name}/weight")]
        is_scaled = self.variables.setting("encoder/scale_embeddings")
        scale = math.sqrt(rows.shape[1]) if is_scaled else 1.0
        return F.embedding(ids, rows) * scale

    def _places(self, ids: Tensor) -> Tensor:
        return self.positions[: ids.shape[1]]

    def _block(self, x: Tensor, name: str, work: Any, **options: Any) -> Tensor:
        """One residual sublayer, its norm before or after it."""
        if self.pre_norm:
            return x + self.dropout(work(self._norm(x, f"{name}/layer_norm"), name, **options))
        return self._norm(x + self.dropout(work(x, name, **options)), f"{name}/layer_norm")

    def _attend(
        self,
        x: Tensor,
        name: str,
        memory: Tensor | None = None,
        mask: Tensor | None = None,
        causal: bool = False,
    ) -> Tensor:
        first = self._linear(x, f"{name}/linear_0")
        if memory is None:
            parts, last = first.chunk(3, -1), "linear_1"
        else:
            parts, last = (
                (first, *self._linear(memory, f"{name}/linear_1").chunk(2, -1)),
                "linear_2",
            )
        heads = [part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in parts]
        y = F.scaled_dot_product_attention(*heads, attn_mask=mask, is_causal=causal)
        return self._linear(y.transpose(1, 2).flatten(2), f"{name}/{last}")

    def _feed_forward(self, x: Tensor, name: str) -> Tensor:
        inner = self.activation(self._linear(x, f"{name}/linear_0"))
        return self._linear(inner, f"{name}/linear_1")

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return F.linear(x, self.weight(f"{name}/weight"), self.weight(f"{name}/bias"))

    def _norm(self, x: Tensor, name: str) -> Tensor:
        gamma, beta = self.weight(f"{name}/gamma"), self.weight(f"{name}/beta")
        return F.layer_norm(x, x.shape[-1:], gamma, beta, self.epsilon)

    def _last_norm(self, x: Tensor, side: str) -> Tensor:
        has_norm = f"{side}/layer_norm/gamma" in self.weights
        return self._norm(x, f"{side}/layer_norm") if has_norm else x
