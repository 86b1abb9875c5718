"""What a serverless endpoint of each memory would do with a model: measured, and its price."""

import json
import math
import os
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TypeVar

from handlers import ModelError, ModelFolder
from model_folder.canary import read_canary
from model_folder.sizes import SIZES
from models.share import Share

MB_PER_CPU = 1769  # Lambda's figure; SageMaker publishes none
GB_SECOND = 0.00002  # US dollars of a GB-second, as published for us-east-1 in 2023
START_SECONDS = 180.0  # that SageMaker gives a start
T = TypeVar("T")
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Measured:
    """`why` says why there are no figures; seconds, characters a second, bytes."""

    memory: int
    cpus: float
    why: str = ""
    p95: float = 0.0
    alone: float = 0.0
    together: float = 0.0
    start: float = 0.0
    peak: int = 0

    def dollars(self, characters_a_second: float) -> float:
        """For a million characters, while it does nothing else."""
        return self.memory / 1024 * GB_SECOND * 1e6 / characters_a_second


def measure(folder: ModelFolder, memory: int, texts: Sequence[str], seconds: float) -> Measured:
    """Sentence by sentence for ``seconds``, then all texts at once for as long.

    One request at a time, as a serverless container has them. Nothing is remembered between two.
    """
    cpus = memory / MB_PER_CPU
    here = len(os.sched_getaffinity(0))
    if math.ceil(cpus) > here:
        why = f"not measured: it takes {math.ceil(cpus)} CPUs, and here are {here}"
        return Measured(memory, cpus, why)
    port = _free_port()
    environment = {
        **os.environ,
        "SERVING_MODELS": str(folder.path.resolve()),
        "SERVING_PAIR": folder.pair,
        "SERVING_PORT": str(port),
        "SERVING_HOST": "127.0.0.1",
        "SERVING_CACHE_ENTRIES": "0",
        "SERVING_TIMEOUT": "600",
        "PYTHONPATH": str(_ROOT),
    }
    command = [sys.executable, "-m", "serving", "serve"]
    with Share(command, environment, cpus, memory * 2**20) as share:
        try:
            start = _wait(share, port)
            alone = [(_ask(port, folder, [text]), len(text)) for text in _for(seconds, texts)]
            together = [
                (_ask(port, folder, list(some)), sum(map(len, some)))
                for some in _for(seconds, [texts])
            ]
        except OSError as error:
            why = "out of memory" if share.is_out_of_memory else f"no answer ({error})"
            return Measured(memory, cpus, why, peak=share.peak)
    return Measured(
        *(memory, cpus, ""),
        p95=_p95([took for took, _ in alone]),
        alone=_speed(alone),
        together=_speed(together),
        start=start,
        peak=share.peak,
    )


def table(found: Sequence[Measured], goal: float) -> list[str]:
    """Lines for a reader; ``goal`` is a p95 in seconds."""
    lines = [f"{'MB':>5} {'vCPU':>5} {'start s':>8} {'p95 ms':>7} {'alone ch/s':>11}"
             f" {'$/M':>7} {'together ch/s':>14} {'$/M':>7} {'peak MB':>8}"]  # fmt: skip
    for one in found:
        head = f"{one.memory:5} {one.cpus:5.2f}"
        if one.why:
            lines.append(f"{head} {one.why}")
            continue
        prices = one.dollars(one.alone), one.dollars(one.together)
        lines.append(
            f"{head} {one.start:8.1f} {1000 * one.p95:7.0f} {one.alone:11.0f} {prices[0]:7.3f}"
            f" {one.together:14.0f} {prices[1]:7.3f} {one.peak / 2**20:8.0f}"
        )
    measured = [one for one in found if not one.why]
    of = "" if len(measured) == len(found) else f" of the {len(measured)} sizes with figures,"
    fast = [one for one in measured if one.p95 <= goal]
    if fast:
        cheapest = min(fast, key=lambda one: one.dollars(one.alone))
        told = f"memory: {cheapest.memory} is the cheapest{of} with a p95 of {goal:g} s or less."
    else:
        told = f"None{of.rstrip(',') or ' of them'} has a p95 of {goal:g} s or less."
    return [*lines, told]


def sentences_of(folder: ModelFolder) -> list[str]:
    """Of its canary, or of another model's beside it that is from the same language."""
    others = sorted(path for path in folder.path.parent.glob(f"{folder.source}_*") if path.is_dir())
    for path in (folder.path, *others):
        one = ModelFolder(path)
        if canary := read_canary(one.manifest, one.source, one.target):
            return [text for text, _ in canary.sentences]
    return []


def measure_all(
    folder: ModelFolder, texts: Sequence[str], seconds: float, sizes: Sequence[int] = SIZES
) -> list[Measured]:
    if not texts:
        raise ModelError(
            f"{folder.path}: no texts to measure with, for no manifest has a canary from"
            f" {folder.source}. Name a file with --texts."
        )
    return [measure(folder, memory, texts, seconds) for memory in sizes]


def _for(seconds: float, values: Sequence[T]) -> Iterator[T]:
    """The values over and over, until the time is over; each once, of many twenty at least."""
    end = time.monotonic() + seconds
    for number, value in enumerate(cycle(values)):
        if time.monotonic() > end and number >= min(len(values), 20):
            return
        yield value


def _wait(share: Share, port: int) -> float:
    started = time.monotonic()
    while time.monotonic() < started + START_SECONDS:
        if share.process.poll() is not None:
            raise OSError("it ended at its start")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=30):
                return time.monotonic() - started
        except OSError:  # not yet, or no more
            time.sleep(0.05)
    raise OSError(f"no start in {START_SECONDS:g} s")


def _ask(port: int, folder: ModelFolder, texts: list[str]) -> float:
    """Seconds."""
    document = {"texts": texts, "source": folder.source, "target": folder.target}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/invocations",
        json.dumps(document).encode(),
        {"Content-Type": "application/json"},
    )
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=600) as answer:  # noqa: S310
        answer.read()
    return time.perf_counter() - started


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def _speed(answers: Sequence[tuple[float, int]]) -> float:
    """Characters a second."""
    return sum(size for _, size in answers) / sum(took for took, _ in answers)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
