"""The variables of a CTranslate2 Transformer, read from `model.bin` and written as one.

The layout is that of `ModelSpec._serialize` in ctranslate2/specs/model_spec.py, version 6.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from model_folder import ModelError

_VERSION = 6
_TYPES = ("float32", "int8", "int16", "int32", "float16")


@dataclass(frozen=True)
class Variables:
    """Arrays by the engine's names, such as ``encoder/layer_0/ffn/linear_0/weight``.

    ``arrays`` holds weights as float32, whatever their quantization, and settings as scalars.
    ``aliases`` maps a name to the one whose array it shares.
    """

    arrays: dict[str, np.ndarray]
    aliases: dict[str, str]

    def layers(self, side: str) -> int:
        """The number of layers of the ``encoder`` or the ``decoder``."""
        numbers = {name.split("/")[1] for name in self.arrays if name.startswith(f"{side}/layer_")}
        return len(numbers - {"layer_norm"})

    def setting(self, name: str, default: float = 0) -> int:
        """An integer or a flag; ``default`` where the model was written without it."""
        return int(self.arrays.get(name, np.array(default)))


def read_variables(path: Path) -> Variables:
    """Read a model of CTranslate2's Transformer kind. Raises ModelError for any other."""
    with path.open("rb") as stream:
        version, spec, _ = _number(stream, "I"), _string(stream), _number(stream, "I")
        if (version, spec) != (_VERSION, "TransformerSpec"):
            raise ModelError(
                f"{path} is a {spec} of version {version}; only a TransformerSpec of version"
                f" {_VERSION} can be trained on. Convert the model with CTranslate2 4."
            )
        arrays = dict(_array(stream) for _ in range(_number(stream, "I")))
        aliases = {_string(stream): _string(stream) for _ in range(_number(stream, "I"))}
    return Variables(_dequantized(arrays), aliases)


def write_model(
    variables: Variables,
    config: Mapping[str, Any],
    vocabularies: Mapping[str, list[str]],
    folder: Path,
    quantization: str,
) -> None:
    """Write `model.bin`, `config.json` and the vocabularies for the engine into ``folder``.

    ``vocabularies`` holds ``source`` and ``target``: the tokens in the order of their rows.
    """
    # numpy alone would not do: the engine's own classes quantize, check and write.
    from ctranslate2.specs import model_spec, transformer_spec

    pre_norm = bool(variables.setting("encoder/pre_norm"))
    spec = transformer_spec.TransformerSpec.from_config(
        (variables.layers("encoder"), variables.layers("decoder")),
        variables.setting("encoder/num_heads"),
        pre_norm=pre_norm,
    )
    everything = {
        **variables.arrays,
        **{a: variables.arrays[n] for a, n in variables.aliases.items()},
    }
    for name, value in everything.items():
        scope, _, attribute = name.rpartition("/")
        setattr(model_spec.index_spec(spec, scope), attribute, value)
    spec.register_source_vocabulary(vocabularies["source"])
    spec.register_target_vocabulary(vocabularies["target"])
    for key, value in config.items():
        setattr(spec.config, key, value)
    spec.validate()
    spec.optimize(quantization=quantization)
    folder.mkdir(parents=True)
    spec.save(str(folder))


def _number(stream: BinaryIO, kind: str) -> int:
    return int(struct.unpack(f"<{kind}", stream.read(struct.calcsize(kind)))[0])


def _string(stream: BinaryIO) -> str:
    return stream.read(_number(stream, "H"))[:-1].decode()


def _array(stream: BinaryIO) -> tuple[str, np.ndarray]:
    name = _string(stream)
    shape = [_number(stream, "I") for _ in range(_number(stream, "B"))]
    kind = _TYPES[_number(stream, "B")]
    return name, np.frombuffer(stream.read(_number(stream, "I")), kind).reshape(shape)


def _dequantized(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    scales = {name for name in arrays if name.endswith("_scale") and name[:-6] in arrays}
    found = {}
    for name in arrays.keys() - scales:
        array = arrays[name]
        if (scale := arrays.get(f"{name}_scale")) is not None:
            array = array / scale.reshape(-1, *[1] * (array.ndim - 1))
        found[name] = array.astype(np.float32) if array.ndim else array
    return found
