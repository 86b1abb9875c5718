"""The engine by itself: no HTTP, tokens made before, batches sorted by the engine.

A process that obeys one command a line on stdin with one line of JSON each, so
that its measurements can alternate with the server's.
"""

import itertools
import json
import resource
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ctranslate2

from handlers.engine.pieces import Pieces
from model_folder.layout import ENGINE, SHARED_PIECES


class Raw:
    def __init__(self, folder: Path, lines: Path) -> None:
        pieces = folder / SHARED_PIECES
        self._tokens = Pieces(pieces, pieces).encode(lines.read_text("utf-8").splitlines())
        self._path = str(folder / ENGINE)
        self._options = {"beam_size": 2, "max_decoding_length": 256}
        self._best = (2, 1, 512)
        self._engine = self._load(2, 1)

    def grid(self, cpus: int) -> list[dict[str, float]]:
        """Every sensible setting once; the best one is kept for `document`."""
        found = []
        for (inter, intra), size in itertools.product([(cpus, 1), (1, cpus)], [256, 512, 1024]):
            self._engine = self._load(inter, intra)
            self._best = inter, intra, size
            rates = [self.document() for _ in range(2)]
            found.append(
                {"inter": inter, "intra": intra, "batch": size, "sentences_per_s": max(rates)}
            )
        best = max(found, key=lambda row: row["sentences_per_s"])
        self._best = int(best["inter"]), int(best["intra"]), int(best["batch"])
        self._engine = self._load(self._best[0], self._best[1])
        return found

    def document(self) -> float:
        """Sentences a second."""
        return self._rate(self._tokens)

    def array(self, count: int, times: int) -> float:
        """Sentences a second of the first ``count``, translated ``times`` times."""
        rates = [self._rate(self._tokens[:count]) for _ in range(times)]
        return statistics.median(rates)

    def lone(self, count: int) -> list[float]:
        """Milliseconds of each of ``count`` sentences, one after the other."""
        return [self._lone(self._tokens[index % len(self._tokens)]) for index in range(count)]

    def lone_by_threads(self, count: int, cpus: int) -> list[float]:
        """Median of `lone` with one thread a sentence, with two, up to ``cpus``, in turns."""
        engines = [self._load(1, threads) for threads in range(1, cpus + 1)]
        found: list[list[float]] = [[] for _ in engines]
        for index in range(count):
            for engine, times in zip(engines, found, strict=True):
                times.append(self._lone(self._tokens[index % len(self._tokens)], engine))
        return [statistics.median(times) for times in found]

    def replay(self, path: str, cpus: int) -> float:
        """Sentences a second of batches that `benchmarks.recording` wrote, by as many threads
        as CPUs, each of which takes the next one."""
        batches = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
        waiting = iter(batches)
        engine = self._load(cpus, 1)
        threads = [threading.Thread(target=_translate, args=[engine, waiting]) for _ in range(cpus)]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - started
        return sum(not _is_padding(row) for rows, _ in batches for row in rows) / seconds

    def memory(self) -> float:
        """Peak of resident memory in MB."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    def _rate(self, tokens: list[list[str]]) -> float:
        started = time.perf_counter()
        self._engine.translate_batch(
            tokens, max_batch_size=self._best[2], batch_type="tokens", **self._options
        )
        return len(tokens) / (time.perf_counter() - started)

    def _lone(self, tokens: list[str], engine: ctranslate2.Translator | None = None) -> float:
        started = time.perf_counter()
        (engine or self._engine).translate_batch([tokens], **self._options)
        return 1000 * (time.perf_counter() - started)

    def _load(self, inter: int, intra: int) -> ctranslate2.Translator:
        return ctranslate2.Translator(self._path, inter_threads=inter, intra_threads=intra)


def _translate(engine: ctranslate2.Translator, batches: Iterator[Any]) -> None:
    for rows, options in batches:
        engine.translate_batch(rows, **options)


def _is_padding(row: list[str]) -> bool:
    """The row of ends of sentence that pads a batch to its length."""
    return len(set(row)) == 1 and len(row) > 1


def main() -> None:
    folder, lines = sys.argv[1:]
    raw = Raw(Path(folder), Path(lines))
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(getattr(raw, name)(*arguments)), flush=True)


if __name__ == "__main__":
    main()
