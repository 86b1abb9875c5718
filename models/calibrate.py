"""Fit a model's confidence on sentences whose translations are known."""

import math
from collections.abc import Sequence
from pathlib import Path

from handlers import ModelError, ModelFolder, Options
from model_folder.calibration import UNSURE, Calibration
from models import manifest
from models.smoke import load

_BAD = 40.0
"""chrF. Below it, a sentence's translation shares little with the reference."""

_FEWEST = 50
_STEPS = 200
_RIDGE = 1e-3  # keeps the numbers finite where scores tell the two apart without exception


def calibrate(folder: Path, source: Path, target: Path) -> tuple[Calibration, str]:
    """Write `calibration` into the folder's manifest; what the threshold does, in a sentence.

    Every other sentence is left for that sentence. Raises ModelError.
    """
    found = ModelFolder(folder)
    seen = _judged(found, _lines(source), _lines(target))
    fitted, rest = seen[::2], seen[1::2]
    if len(fitted) < _FEWEST or len({good for _, good in fitted}) < 2:
        raise ModelError(
            f"{len(seen)} sentences with scores are too few, or all alike: name more of them."
        )
    calibration = fit(fitted)
    manifest.note(
        folder, calibration={"slope": calibration.slope, "intercept": calibration.intercept}
    )
    return calibration, _effect(calibration, rest)


def fit(seen: Sequence[tuple[float, bool]]) -> Calibration:
    """Logistic regression of good on score, by Newton's method."""
    slope, intercept = 0.0, 0.0
    for _ in range(_STEPS):
        model = Calibration(slope, intercept)
        gradient = [-_RIDGE * slope, -_RIDGE * intercept]
        hessian = [_RIDGE, 0.0, _RIDGE]
        for score, good in seen:
            p = model.confidence(score)
            gradient[0] += (good - p) * score
            gradient[1] += good - p
            weight = p * (1 - p)
            hessian[0] += weight * score * score
            hessian[1] += weight * score
            hessian[2] += weight
        determinant = hessian[0] * hessian[2] - hessian[1] ** 2
        step = (
            (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant,
            (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant,
        )
        slope, intercept = slope + step[0], intercept + step[1]
        if max(map(abs, step)) < 1e-9:
            break
    return Calibration(round(slope, 4), round(intercept, 4))


def _judged(
    folder: ModelFolder, sources: Sequence[str], targets: Sequence[str]
) -> list[tuple[float, bool]]:
    """Of each sentence, its score and whether its translation is good."""
    try:
        from sacrebleu.metrics import CHRF
    except ImportError:
        raise ModelError("Calibrating needs sacrebleu: pip install sacrebleu.") from None
    if len(sources) != len(targets):
        raise ModelError(f"{len(sources)} sentences, but {len(targets)} translations of them.")
    handler, metric = load(folder), CHRF()
    answers = handler.translate(sources, Options())
    if any(answer.score is None or not math.isfinite(answer.score) for answer in answers):
        raise ModelError(f"{folder.path}: its handler gives no scores to go by.")
    return [
        (answer.score, metric.sentence_score(answer.text, [target]).score >= _BAD)
        for answer, target in zip(answers, targets, strict=True)
    ]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}.") from error


def _effect(calibration: Calibration, rest: Sequence[tuple[float, bool]]) -> str:
    marked = [calibration.confidence(score) < UNSURE for score, _ in rest]
    bad = [mark for mark, (_, good) in zip(marked, rest, strict=True) if not good]
    good = [mark for mark, (_, good) in zip(marked, rest, strict=True) if good]
    return (
        f"of {len(rest)} sentences that it was not fitted on, marks {sum(bad)} of {len(bad)} bad "
        f"and {sum(good)} of {len(good)} good ones as unsure"
    )
