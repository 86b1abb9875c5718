"""How good a model folder is: BLEU and chrF on held-out pairs, as the engine translates them."""

from collections.abc import Sequence
from pathlib import Path

import sacrebleu

from handlers import Options
from handlers.default import DefaultHandler
from model_folder import ModelFolder
from models.training.corpus import Pair


def scores(folder: Path, pairs: Sequence[Pair]) -> tuple[float, float]:
    """BLEU and chrF of the folder's translations, beam 2, one sentence a segment."""
    handler = DefaultHandler(ModelFolder(folder, "en_de"))  # the pair plays no part in it
    found = handler.translate([source for source, _ in pairs], Options(beam_size=2))
    texts, references = [result.text for result in found], [[target for _, target in pairs]]
    bleu = sacrebleu.corpus_bleu(texts, references)
    return bleu.score, sacrebleu.corpus_chrf(texts, references).score
