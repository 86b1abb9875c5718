"""A vocabulary map: the tokens that each source token may become, learned from sentence pairs.

With it the engine computes some hundred outputs for a word instead of all, which takes a lone
sentence a third of the time, and a model that saw little text guesses less. The probabilities
are those of IBM model 1 (Brown et al. 1993, "The Mathematics of Statistical Machine Translation").
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

Rows = tuple[Sequence[int], Sequence[int]]
"""The source and the target tokens of a pair, as rows of the two vocabularies."""
Map = dict[str, list[str]]
"""Target tokens by source token; those that are always allowed by the empty string."""

_ALWAYS = 500
"""Target tokens that any sentence may have: the most frequent, such as articles and signs."""
_BEST = 20
_LEAST = 0.3
"""Times that a translation must have been seen, as the model shares out what it is sure of."""
_PAIRS = 200_000
"""Pairs to learn from at most; it takes half a minute and a gigabyte and a half."""
_ROUNDS = 5


def learn_map(rows: Sequence[Rows], source: Sequence[str], target: Sequence[str]) -> Map:
    """What ``rows`` say of the tokens ``source`` and ``target``, and that each may be copied."""
    some = random.Random(1).sample(rows, min(len(rows), _PAIRS))  # noqa: S311  not for secrets
    frequent = Counter(token for _, tokens in some for token in tokens).most_common(_ALWAYS)
    always = {token for token, _ in frequent}
    found = {"": [target[token] for token in sorted(always)]}
    copies, best = set(target), _best(some, len(source))
    for row, word in enumerate(source):
        words = [target[token] for token in best.get(row, ()) if token not in always]
        own = [word] if word in copies else []
        if known := list(dict.fromkeys([*words, *own])):
            found[word] = known
    return found


def joined(maps: Iterable[Mapping[str, Sequence[str]]]) -> Map:
    """What any of ``maps`` allows."""
    found: dict[str, dict[str, None]] = {}
    for one in maps:
        for source, targets in one.items():
            found.setdefault(source, {}).update(dict.fromkeys(targets))
    return {source: list(targets) for source, targets in found.items()}


def read_map(path: Path) -> Map:
    """A map in the engine's format: a source token, a tab, target tokens with spaces between."""
    lines = path.read_text("utf-8").removesuffix("\n").split("\n")
    cells = (line.partition("\t") for line in lines)
    return {source: targets.split(" ") for source, _, targets in cells}


def write_map(found: Map, path: Path) -> None:
    lines = (f"{source}\t{' '.join(targets)}\n" for source, targets in found.items())
    path.write_text("".join(lines), "utf-8")


def _best(rows: Sequence[Rows], nothing: int) -> dict[int, list[int]]:
    """Up to `_BEST` target tokens a source token, the likeliest first.

    ``nothing`` stands for a word that a translation adds.
    """
    source, target, place = _links(rows, nothing)
    width = int(target.max()) + 1 if len(target) else 1
    kinds, kind = np.unique(source * width + target, return_inverse=True)
    sources, targets = kinds // width, kinds % width
    likely: np.ndarray = np.ones(len(kinds))
    counts: np.ndarray = likely
    for _ in range(_ROUNDS):
        shares = likely[kind]
        shares /= np.bincount(place, shares)[place]
        counts = np.bincount(kind, shares, len(kinds))
        likely = counts / np.bincount(sources, counts)[sources]
    found: dict[int, list[int]] = {}
    for index in np.lexsort((-likely, sources)):
        own = found.setdefault(int(sources[index]), [])
        if counts[index] >= _LEAST and len(own) < _BEST:
            own.append(int(targets[index]))
    return found


def _links(rows: Sequence[Rows], nothing: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each target token beside each source token of its pair, and which target token it is."""
    sources, targets, places = [], [], []
    start = 0
    for source, target in rows:
        among = np.append(np.unique(np.asarray(source, np.int64)), nothing)
        sources.append(np.tile(among, len(target)))
        targets.append(np.repeat(np.asarray(target, np.int64), len(among)))
        places.append(np.repeat(np.arange(start, start + len(target)), len(among)))
        start += len(target)
    if not rows:
        return (np.zeros(0, np.int64),) * 3
    return np.concatenate(sources), np.concatenate(targets), np.concatenate(places)
