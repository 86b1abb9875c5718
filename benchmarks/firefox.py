"""`python -m benchmarks.firefox`: Firefox's engine beside CTranslate2, through the server.

The same model on both: Firefox's of 2021, which is greedy, and the embedded one that was made of
it, with beam 2 and 1. The sentences are those of `benchmarks/data/pairs.*`, which nothing was
trained on.
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

from benchmarks import firefox_model, price
from benchmarks.corpus import ROOT
from benchmarks.load import translate
from benchmarks.processes import Ours
from handlers import cpus

_DATA = Path(__file__).parent / "data"
_BLOCK = 90
"""Sentences of one request, so that a busy machine answers in time."""

T = TypeVar("T")

PARTIES = {
    "Firefox's engine": ("firefox", 1),
    "CTranslate2, beam 2": ("ctranslate2", 2),
    "CTranslate2, beam 1": ("ctranslate2", 1),
}
"""The server of each, and the beam that it is asked for."""

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
    """By party: chrF, sentences a second, ms of a lone sentence, MB, seconds to ready, $ a million
    characters."""
    source, target = pair.split("_")
    lines, references = (_lines(language)[:count] for language in (source, target))
    with tempfile.TemporaryDirectory() as place:
        folders = {
            "firefox": firefox_model.make(pair, Path(place)),
            "ctranslate2": ROOT / "models" / pair,
        }
        found: dict[str, Party] = {name: {} for name in PARTIES}
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
    characters = sum(map(len, lines)) / cpus()
    with ExitStack() as stack:
        servers = {name: stack.enter_context(Ours(path)) for name, path in folders.items()}
        idle = {name: server.memory() for name, server in servers.items()}
        for name, (which, beam) in PARTIES.items():
            server = servers[which]
            ask = partial(translate, server.url, beam_size=beam)
            lone = [_timed(partial(ask, [line]))[0] for line in lines[::5]]
            seconds, texts = _timed(partial(_document, ask, lines))
            _note(
                found[name],
                start=server.ready_s,
                idle=idle[which],
                lone=1000 * statistics.median(lone),
                rate=len(lines) / seconds,
                price=price.dollars(1, characters / seconds),
                peak=server.peak(),
                chrf=CHRF().corpus_score(texts, [list(references)]).score,
            )


def table(found: dict[str, Party]) -> Iterator[str]:
    """Markdown; medians of the rounds, and the ratio of the two."""
    rows = {
        "chrf": ("chrF", 1),
        "rate": ("a document, sentences a second", 1),
        "price": ("$ a million characters", 4),
        "lone": ("a sentence alone, median, ms", 1),
        "idle": ("memory when idle, all processes, MB", 1),
        "peak": ("its peak, MB", 1),
        "start": ("start to ready, s", 1),
    }
    yield f"| | {' | '.join(found)} | first ÷ second |"
    yield "| --- " * (2 + len(found)) + "|"
    for name, (shown, digits) in rows.items():
        values = [statistics.median(party[name]) for party in found.values()]
        cells = [f"{value:.{digits}f}" for value in values]
        yield f"| {shown} | {' | '.join(cells)} | {values[0] / values[1]:.2f} |"


def _note(party: Party, **measured: float) -> None:
    for name, value in measured.items():
        party.setdefault(name, []).append(value)


def _document(ask: Callable[[list[str]], list[str]], lines: Sequence[str]) -> list[str]:
    blocks = ("\n".join(lines[at : at + _BLOCK]) for at in range(0, len(lines), _BLOCK))
    return [text for block in blocks for text in ask([block])[0].split("\n")]


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _lines(language: str) -> list[str]:
    return (_DATA / f"pairs.{language}").read_text("utf-8").splitlines()


if __name__ == "__main__":
    sys.exit(main())
