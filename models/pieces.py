"""The SentencePiece models that a translation model was trained with."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from sentencepiece import SentencePieceProcessor

from handlers import ModelError
from model_folder.layout import OWN_PIECES, SHARED_PIECES

_SHARED = (SHARED_PIECES, "sentencepiece.bpe.model", "spm.model", "*.spm", "*.model")


def take_pieces(places: Sequence[Path], folder: Path) -> None:
    """Copy them into `folder`: `source.spm` and `target.spm`, or one `sentencepiece.model`.

    `places` are looked through in turn; a file is taken as it is.
    """
    if found := next(filter(None, map(_find, places)), None):
        for path, name in found.items():
            _check(path)
            shutil.copyfile(path, folder / name)
        return
    raise ModelError(
        f"{places[0]}: no SentencePiece model found. Put the file that the model was trained "
        "with beside it, or name it with --sentencepiece."
    )


def _find(place: Path) -> dict[Path, str]:
    if place.is_file():
        return {place: SHARED_PIECES}
    two = {place / name: name for name in OWN_PIECES}
    if all(path.is_file() for path in two):
        return two
    for pattern in _SHARED:
        found = sorted(place.glob(pattern))
        if len(found) > 1:
            names = ", ".join(path.name for path in found)
            raise ModelError(f"{place} holds {names}. Name one of them with --sentencepiece.")
        if found:
            return {found[0]: SHARED_PIECES}
    return {}


def _check(path: Path) -> None:
    try:
        SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError) as error:
        raise ModelError(
            f"{path} is not a SentencePiece model; other tokenisers (subword-nmt's bpe.model "
            "in some older Argos packages) are not supported."
        ) from error
