"""An OPUS-MT, M2M-100 or NLLB model in the format of Hugging Face Transformers."""

import json
import warnings
from pathlib import Path

from handlers import ModelError
from model_folder.layout import ENGINE
from models.extra import converters

MODEL_TYPES = ("marian", "m2m_100")  # NLLB's is m2m_100 too


def is_transformers(source: Path) -> bool:
    """Whether the folder's `config.json` is one of Transformers."""
    return bool(_model_type(source))


def convert(source: Path, folder: Path, quantization: str) -> None:
    """Write the engine's files into `folder`. No code of the model's own is ever run."""
    kind = _model_type(source)
    if kind not in MODEL_TYPES:
        raise ModelError(
            f"{source} is a {kind!r} model; those of {' and '.join(MODEL_TYPES)} translate."
        )
    converter = converters().TransformersConverter(str(source))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Marian's wish for sacremoses, which we never call
            converter.convert(str(folder / ENGINE), quantization=quantization)
    except (ValueError, OSError, RuntimeError, KeyError, TypeError, ImportError) as error:
        raise ModelError(f"{source} cannot be converted: {' '.join(str(error).split())}") from error


def _model_type(source: Path) -> str:
    path = source / "config.json"
    try:
        config = json.loads(path.read_bytes()) if path.is_file() else {}
    except ValueError as error:
        raise ModelError(f"{path} is not JSON: {error}. Copy it again.") from error
    return str(config.get("model_type", "")) if isinstance(config, dict) else ""
