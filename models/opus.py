"""An OPUS-MT model as the University of Helsinki publishes it: a Marian model, zipped.

CTranslate2 reads it with numpy and PyYAML alone: neither torch nor Transformers is needed.
"""

import importlib
import warnings
from pathlib import Path

from handlers import ModelError
from model_folder.layout import ENGINE


def is_opus(source: Path) -> bool:
    """Whether the folder holds Marian's `decoder.yml` and SentencePiece models."""
    return (source / "decoder.yml").is_file() and (source / "source.spm").is_file()


def convert(source: Path, folder: Path, quantization: str) -> None:
    """Write the engine's files into `folder`. Raises ModelError."""
    _refuse_pickles(source)
    converters = importlib.import_module("ctranslate2.converters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            converter = converters.OpusMTConverter(str(source))
            _stay_inside(source, [converter._model_path, *converter._vocab_paths])
            converter.convert(str(folder / ENGINE), quantization=quantization)
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(
            f"{source.name} cannot be converted: {type(error).__name__}: "
            f"{' '.join(str(error).split())}"
        ) from error


def _refuse_pickles(source: Path) -> None:
    """Weights are arrays; numpy would refuse objects too, this says it in our words."""
    if not any(source.glob("*.npz")):
        raise ModelError(f"{source.name} holds no weights (*.npz). Download it again.")


def _stay_inside(source: Path, names: list[str]) -> None:
    home = source.resolve()
    for name in names:
        if not Path(name).resolve().is_relative_to(home):
            raise ModelError(f"{source.name}: decoder.yml names {name}, which lies outside of it.")
