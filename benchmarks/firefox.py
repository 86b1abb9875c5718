"""`python -m benchmarks.firefox`: Firefox's engine beside CTranslate2, through the server.

The same model on both: Firefox's of 2021, and the embedded one that was made of it. The
sentences are those of `benchmarks/data/pairs.*`, which nothing was trained on.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TypeVar

from sacrebleu.metrics import CHRF

from benchmarks import firefox_model
from benchmarks.corpus import ROOT
from benchmarks.load import post
from benchmarks.processes import Ours

_DATA = Path(__file__).parent / "data"
_BLOCK = 90
"""Sentences of one request, so that a busy machine answers in time."""

T = TypeVar("T")

Party = dict[str, list[float]]
"""What was measured, once for each round."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.firefox", description=__doc__)
    parser.add_argument("--pair", default="en_pt", help="or pt_en")
    parser.add_argument("--rounds", type=int, default=3, help="in which both take turns")
    parser.add_argument("--sentences", type=int, default=270, help="of the 270 that there are")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    found = measure(options.pair, options.rounds, options.sentences)
    print(f"{options.pair}, {options.sentences} sentences, load average {load:.2f} before\n")
    print("\n".join(table(found)))


def measure(pair: str, rounds: int, count: int) -> dict[str, Party]:
    """By engine: chrF, sentences a second, ms of a lone sentence, MB, seconds to ready."""
    source, target = pair.split("_")
    lines, references = (_lines(language)[:count] for language in (source, target))
    with tempfile.TemporaryDirectory() as place:
        folders = {
            "firefox": firefox_model.make(pair, Path(place)),
            "ctranslate2": ROOT / "models" / pair,
        }
        found: dict[str, Party] = {name: {} for name in folders}
        for _ in range(rounds):
            _round(found, folders, lines, references)
    return found


def _round(
    found: dict[str, Party],
    folders: dict[str, Path],
    lines: Sequence[str],
    references: Sequence[str],
) -> None:
    """Both servers are there all the time; only one of them works at a time."""
    with ExitStack() as stack:
        servers = {name: stack.enter_context(Ours(path)) for name, path in folders.items()}
        for name, server in servers.items():
            _note(found[name], start=server.ready_s, idle=server.memory())
        for name, server in servers.items():
            lone = [_timed(partial(post, server.url, line))[0] for line in lines[::5]]
            seconds, texts = _timed(partial(_document, server.url, lines))
            _note(
                found[name],
                lone=1000 * statistics.median(lone),
                rate=len(lines) / seconds,
                peak=server.peak(),
                chrf=CHRF().corpus_score(texts, [list(references)]).score,
            )


def table(found: dict[str, Party]) -> Iterator[str]:
    """Markdown; medians of the rounds, and the ratio of the two."""
    rows = {
        "chrf": "chrF",
        "rate": "a document, sentences a second",
        "lone": "a sentence alone, median, ms",
        "idle": "memory when idle, all processes, MB",
        "peak": "its peak, MB",
        "start": "start to ready, s",
    }
    yield "| | Firefox's engine | CTranslate2 | ratio |"
    yield "| --- | --- | --- | --- |"
    for name, shown in rows.items():
        one, two = (statistics.median(found[who][name]) for who in ("firefox", "ctranslate2"))
        yield f"| {shown} | {one:.1f} | {two:.1f} | {one / two:.2f} |"


def _note(party: Party, **measured: float) -> None:
    for name, value in measured.items():
        party.setdefault(name, []).append(value)


def _document(url: str, lines: Sequence[str]) -> list[str]:
    blocks = ("\n".join(lines[at : at + _BLOCK]) for at in range(0, len(lines), _BLOCK))
    return [text for block in blocks for text in post(url, block).split("\n")]


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _lines(language: str) -> list[str]:
    return (_DATA / f"pairs.{language}").read_text("utf-8").splitlines()


if __name__ == "__main__":
    sys.exit(main())
