"""Sentences that a model must not fail: its manifest's `canary`, and chrF, their judge."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model_folder.errors import ModelError

ORDER, BETA = 6, 2  # of chrF, as it is published: n-grams of letters, recall counts twice
MOST = 100  # sentences; `pulumi up` waits for them


@dataclass(frozen=True)
class Canary:
    """Sentences with their translations, and the chrF, 0 to 100, that the model has to reach."""

    source: str
    target: str
    floor: float
    sentences: tuple[tuple[str, str], ...]

    def score(self, translations: Sequence[str]) -> float:
        """The chrF of the translations, all sentences together."""
        references = [reference for _, reference in self.sentences]
        return chrf(list(zip(translations, references, strict=True)))


def read_canary(manifest: Mapping[str, Any], source: str, target: str) -> Canary | None:
    """The manifest's canary for its pair; None where it has none. Raises ModelError."""
    given = manifest.get("canary")
    if given is None:
        return None
    try:
        floor, sentences = given["floor"], tuple((a, b) for a, b in given["sentences"])
    except (KeyError, TypeError, ValueError):
        floor, sentences = None, ()
    texts = [text for pair in sentences for text in pair]
    if (
        isinstance(floor, bool)
        or not isinstance(floor, int | float)
        or not 0 <= floor <= 100
        or not 1 <= len(sentences) <= MOST
        or not all(isinstance(text, str) and text.strip() for text in texts)
    ):
        raise ModelError(
            f'The manifest\'s "canary" is malformed. Write {{"floor": 0 to 100, "sentences":'
            f' [["text", "its translation"], ...]}}, 1 to {MOST} of them.'
        )
    return Canary(source, target, float(floor), sentences)


def chrf(pairs: Sequence[tuple[str, str]]) -> float:
    """Character n-gram F-score of (translation, reference) pairs, 0 to 100 (Popović 2015)."""
    precisions, recalls = [], []
    for order in range(1, ORDER + 1):
        ours, theirs, common = 0, 0, 0
        for translation, reference in pairs:
            found, wanted = _grams(translation, order), _grams(reference, order)
            ours, theirs = ours + found.total(), theirs + wanted.total()
            common += (found & wanted).total()
        if ours and theirs:
            precisions.append(common / ours)
            recalls.append(common / theirs)
    if not any(precisions):
        return 0.0
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    return 100 * (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)


def _grams(text: str, order: int) -> Counter[str]:
    letters = "".join(text.split())
    return Counter(_windows(letters, order))


def _windows(letters: str, order: int) -> Iterator[str]:
    return (letters[i : i + order] for i in range(len(letters) - order + 1))
