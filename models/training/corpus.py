"""Sentence pairs for training: filtered, divided, and as batches of ids."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model_folder import ModelError

Pair = tuple[str, str]
PARTS = ("train", "dev", "test")
_HELD = 2000
"""Pairs of the test set, at most; the development set has half as many."""
_LONGEST = 128
"""Tokens of a sentence that is trained on; training takes memory by the longest."""


def read_pairs(source: Path, target: Path) -> list[Pair]:
    """The lines of two files side by side. Raises ModelError unless both have as many."""
    first, second = _lines(source), _lines(target)
    if len(first) != len(second):
        raise ModelError(
            f"{source} has {len(first)} lines, {target} has {len(second)}: line N of one has to"
            " translate line N of the other."
        )
    return list(zip(first, second, strict=True))


def _lines(path: Path) -> list[str]:
    """Ended by line feeds alone: `str.splitlines` would cut at other characters too."""
    return path.read_text("utf-8").removesuffix("\n").split("\n")


def good_pairs(pairs: Sequence[Pair]) -> list[Pair]:
    """Those worth training on, once each: not empty, not a copy, of similar length."""
    stripped = ((a.strip(), b.strip()) for a, b in pairs)
    return list(dict.fromkeys(pair for pair in stripped if _is_good(*pair)))


def _is_good(source: str, target: str) -> bool:
    if not source or not target or source == target:
        return False
    return len(source) < 3 * len(target) + 15 and len(target) < 3 * len(source) + 15


def divide(pairs: Sequence[Pair], seed: int = 1) -> dict[str, list[Pair]]:
    """`PARTS`; no sentence of dev or test, on either side, is in train."""
    if len(pairs) < 50:
        raise ModelError(f"{len(pairs)} usable pairs are too few to train on. Bring at least 50.")
    order = list(pairs)
    random.Random(seed).shuffle(order)  # noqa: S311  not for secrets
    held = min(_HELD, len(order) // 10)
    test, dev, rest = order[:held], order[held : held + held // 2], order[held + held // 2 :]
    seen = {text for pair in test + dev for text in pair}
    train = [pair for pair in rest if pair[0] not in seen and pair[1] not in seen]
    return dict(zip(PARTS, (train, dev, test), strict=True))


def write_part(path: Path, pairs: Sequence[Pair]) -> None:
    """One pair a line, as JSON: tabs in a sentence are no boundary."""
    lines = (json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs)
    path.write_text("".join(lines), "utf-8")


def read_part(path: Path) -> list[Pair]:
    with path.open(encoding="utf-8") as lines:
        return [(a, b) for a, b in map(json.loads, lines)]


@dataclass(frozen=True)
class Batch:
    """Ids of both sides, (sentences, tokens), padded by the end token, and where they are real."""

    source: np.ndarray
    source_real: np.ndarray
    target: np.ndarray
    target_real: np.ndarray


class Batches:
    """Batches of about ``tokens`` target tokens; ``rows`` are ids, ``ends`` both end tokens."""

    def __init__(
        self, rows: Sequence[tuple[list[int], list[int]]], ends: tuple[int, int], tokens: int
    ):
        self.rows = [
            row for row in rows if min(map(len, row)) > 0 and max(map(len, row)) < _LONGEST
        ]
        self._ends = ends
        self._tokens = tokens

    def once(self, rng: random.Random | None = None) -> Iterator[Batch]:
        """All of them; in random order and company with ``rng``."""
        order = sorted(
            self.rows, key=lambda row: (len(row[1]) + (rng.random() if rng else 0), len(row[0]))
        )
        batches = list(self._cut(order))
        if rng:
            rng.shuffle(batches)
        return map(self._padded, batches)

    def _cut(self, order: Sequence[tuple[list[int], list[int]]]) -> Iterator[list]:
        batch: list[tuple[list[int], list[int]]] = []
        for row in order:
            if batch and (len(batch) + 1) * (max(map(len, row)) + 1) > self._tokens:
                yield batch
                batch = []
            batch.append(row)
        if batch:
            yield batch

    def _padded(self, rows: list[tuple[list[int], list[int]]]) -> Batch:
        sides = [_pad([row[side] for row in rows], self._ends[side]) for side in (0, 1)]
        return Batch(*sides[0], *sides[1])


def _pad(rows: Sequence[list[int]], end: int) -> tuple[np.ndarray, np.ndarray]:
    width = max(map(len, rows)) + 1
    ids = np.full((len(rows), width), end, np.int64)
    real = np.zeros((len(rows), width), bool)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        real[number, : len(row) + 1] = True
    return ids, real
