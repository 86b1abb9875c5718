"""A checkpoint of OpenNMT-py."""

import argparse
import pickle
from pathlib import Path

from handlers import ModelError
from model_folder.layout import ENGINE
from models.extra import converters


def is_checkpoint(source: Path) -> bool:
    """Whether the file is named as OpenNMT-py names its own."""
    return source.suffix == ".pt" and source.is_file()


def convert(source: Path, folder: Path, quantization: str) -> None:
    """Write the engine's files into `folder`.

    A checkpoint is a pickle, which could run anything, so that only tensors, plain values
    and the `argparse.Namespace` of the training options are let through.
    """
    converter = converters().OpenNMTPyConverter(str(source))
    from torch.serialization import safe_globals

    try:
        with safe_globals([argparse.Namespace]):
            converter.convert(str(folder / ENGINE), quantization=quantization)
    except pickle.UnpicklingError as error:
        raise ModelError(
            f"{source} holds more than tensors and options, as those of OpenNMT-py before 3.0 "
            "do, and loading it could run anything. If you trust it, convert it yourself with "
            "ct2-opennmt-py-converter --unsafe_deserialization and add the folder it writes."
        ) from error
    except (ValueError, OSError, RuntimeError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{source} cannot be converted: {' '.join(str(error).split())}") from error
