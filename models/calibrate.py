"""Fit a model's confidence on sentences whose translations are known."""

import gzip
import importlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from handlers import ModelError, ModelFolder, Options
from model_folder.calibration import SIGNS, USUAL, Calibration, signs
from models import manifest
from models.broken import broken, strangers
from models.smoke import load

_BAD = 40.0
"""chrF. Below it, a sentence's translation shares little with the reference."""

_FALSE_ALARMS = 0.05
"""Of good translations, the share that may be said to be unsure."""

_FEWEST = 50
_STEPS = 100
_RIDGE = 0.1  # keeps weights small that few sentences speak for


class Seen(NamedTuple):
    """What is seen of one translation, and whether it is good."""

    signs: Mapping[str, float]
    good: bool


def calibrate(
    folder: Path, files: tuple[Path, Path], check: tuple[Path, Path] | None
) -> tuple[Calibration, list[str]]:
    """Write `calibration` into the folder's manifest; what it does on other sentences.

    ``files`` hold sentences and their translations, one a line; so do those of ``check``.
    Without them, every other sentence is left to check on. Copies of sentences that are
    broken on purpose, and sentences in other languages, are added. Raises ModelError.
    """
    found = ModelFolder(folder)
    judge = _Judge(found)
    sources, targets = _pairs(*files)
    seen = judge.judged(sources, targets)
    amiss = judge.amiss(sources, targets)
    fitted = [*(seen if check else seen[::2]), *amiss[::2]]
    if len(fitted) < _FEWEST or len({one.good for one in fitted}) == 1:
        raise ModelError(
            f"{len(seen)} sentences with scores are too few, or all alike. Name more of them."
        )
    calibration = fit(fitted)
    manifest.note(folder, calibration=calibration.document())
    others = judge.judged(*_pairs(*check)) if check else seen[1::2]
    return calibration, [
        _effect("sentences", calibration, others),
        _effect("broken or foreign ones", calibration, amiss[1::2]),
    ]


def fit(seen: Sequence[Seen]) -> Calibration:
    """Logistic regression of good on the signs, and the threshold that a few good ones miss.

    A sign that would count the wrong way round, by the chance of few sentences, is left out.
    """
    usual = {name: _middle([one.signs[name] for one in seen if one.good]) for name in USUAL}
    counted = [Calibration(0.0, {}, usual).counted(one.signs) for one in seen]
    names = list(SIGNS)
    while True:
        rows = [[1.0, *(own[name] for name in names)] for own in counted]
        intercept, *fitted = _regression(rows, [one.good for one in seen])
        weights = dict(zip(names, fitted, strict=True))
        wrong = [name for name in names if (weights[name] > 0) != (name == "score")]
        if not wrong or len(names) == 1:
            break
        names.remove(max(wrong, key=lambda name: abs(weights[name])))
    found = Calibration(intercept, weights, usual)
    sure = sorted(found.confidence(one.signs) for one in seen if one.good)
    return replace(found, threshold=sure[int(_FALSE_ALARMS * len(sure))])


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def _regression(rows: Sequence[Sequence[float]], good: Sequence[bool]) -> list[float]:
    """The weights of each column, by Newton's method; the first column's is not held down."""
    numpy = importlib.import_module("numpy")  # sacrebleu's, not the server's
    table, wanted = numpy.array(rows), numpy.array(good, float)
    scale = numpy.maximum(table.std(axis=0), 1e-6)
    scale[0] = 1.0
    table = table / scale
    ridge = numpy.diag([1e-6] + [_RIDGE] * (table.shape[1] - 1))
    weights = numpy.zeros(table.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + numpy.exp(-numpy.clip(table @ weights, -30, 30)))
        gradient = table.T @ (wanted - p) - ridge @ weights
        hessian = table.T @ (table * (p * (1 - p))[:, None]) + ridge
        step = numpy.linalg.solve(hessian, gradient)
        weights = weights + step * min(1.0, 5.0 / max(1e-9, float(abs(step).max())))
        if abs(step).max() < 1e-6:
            break
    return [float(weight) for weight in weights / scale]


class _Judge:
    """One model, and the measure of its translations."""

    def __init__(self, folder: ModelFolder) -> None:
        try:
            metrics = importlib.import_module("sacrebleu.metrics")
        except ImportError:
            raise ModelError("Calibrating needs sacrebleu: pip install sacrebleu.") from None
        self._folder, self._handler, self._metric = folder, load(folder), metrics.CHRF()

    def judged(self, sources: Sequence[str], targets: Sequence[str]) -> list[Seen]:
        """By the known translations."""
        found = self._translated(sources)
        return [
            Seen(seen, self._chrf(text, target) >= _BAD)
            for (seen, text), target in zip(found, targets, strict=True)
        ]

    def amiss(self, sources: Sequence[str], targets: Sequence[str]) -> list[Seen]:
        """Of broken sentences, which a model may understand, and of strange ones."""
        copies = list(broken(sources))
        judged = self.judged([copy for copy, _ in copies], [targets[i] for _, i in copies])
        strange = self._translated(strangers(self._folder.source, self._folder.target))
        return [*judged, *(Seen(seen, False) for seen, _ in strange)]

    def _translated(self, sources: Sequence[str]) -> list[tuple[dict[str, float], str]]:
        answers = self._handler.translate(sources, Options())
        if any(answer.score is None or not math.isfinite(answer.score) for answer in answers):
            raise ModelError(f"{self._folder.path}: its handler gives no scores to go by.")
        counts = map(len, self._handler.tokenize(sources))
        return [
            (signs(source, answer.text, answer.score, tokens), answer.text)
            for source, answer, tokens in zip(sources, answers, counts, strict=True)
        ]

    def _chrf(self, text: str, reference: str) -> float:
        score: Any = self._metric.sentence_score(text, [reference]).score
        return float(score)


def _pairs(source: Path, target: Path) -> tuple[list[str], list[str]]:
    sources, targets = _lines(source), _lines(target)
    if len(sources) != len(targets):
        raise ModelError(f"{len(sources)} sentences, but {len(targets)} translations of them.")
    return sources, targets


def _lines(path: Path) -> list[str]:
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        return data.decode("utf-8").splitlines()
    except (OSError, EOFError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}.") from error


def _effect(what: str, calibration: Calibration, others: Sequence[Seen]) -> str:
    """How many bad and good translations are marked."""
    marks = {True: [0, 0], False: [0, 0]}
    for one in others:
        marks[one.good][0] += calibration.confidence(one.signs) < calibration.threshold
        marks[one.good][1] += 1
    (bad, of_bad), (good, of_good) = marks[False], marks[True]
    return (
        f"of {len(others)} {what} that it was not fitted on, marks {bad} of {of_bad} bad and "
        f"{good} of {of_good} good translations as unsure"
    )
