"""What is measured. Those compared alternate, so that a busy machine slows both."""

import statistics
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import large_model
from benchmarks.corpus import MODEL, REAL, SENTENCES, sentences, write
from benchmarks.load import array, document, post, small_requests
from benchmarks.processes import Ours, Plain, Raw, Recorded, seconds_to_first_translation

_MANY, _VERY_MANY = 32, 128
_ARRAY, _ARRAYS = 50, 5  # texts of one request; requests a round


@dataclass(frozen=True)
class Scale:
    """How much is measured; a second is one of load from wrk."""

    rounds: int = 5
    seconds: float = 2
    sentences: int = 2000
    real_sentences: int = 500
    large_sentences: int = 200
    large_layers: int = 6
    clients: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 64)


QUICK = Scale(1, 1, 100, 60, 16, 1, (1, 2, 4))
"""Shows that all of it works; its figures mean nothing."""


def speed(scale: Scale, folder: Path, cpus: int) -> dict[str, Any]:
    """One document, 32 clients and a lone client, in rounds; then 1 to 64 clients."""
    lines = sentences()[: scale.sentences]
    file = write(lines, folder / "lines.en")
    with ExitStack() as stack:
        batches = _record(MODEL, folder, SENTENCES, scale.seconds)
        raw = stack.enter_context(Raw(MODEL, file))
        ours = stack.enter_context(Ours(MODEL))
        plain = stack.enter_context(Plain(MODEL, cpus))
        grid = raw.ask("grid", cpus)
        rounds = [
            {
                "raw_document": _best(lambda: raw.ask("document")),
                "document": _best(lambda: document(ours.url, lines)),
                "raw_lone_ms": statistics.median(raw.ask("lone", 500)),
                "lone": _load(ours.url, 1, scale.seconds),
                "plain_lone": _load(plain.url, 1, scale.seconds),
                "many": _load(ours.url, _MANY, scale.seconds),
                "replay": raw.ask("replay", str(batches), cpus),
                "plain_many": _load(plain.url, _MANY, scale.seconds),
                "very_many": _load(ours.url, _VERY_MANY, scale.seconds),
                **_arrays(raw, ours, lines),
                "beside_document": _beside_document(ours.url, lines, scale.seconds),
            }
            for _ in range(scale.rounds)
        ]
        sweep = [
            {
                "clients": clients,
                "ours": [_load(ours.url, clients, scale.seconds / 2) for _ in (1, 2)],
                "plain": [_load(plain.url, clients, scale.seconds / 2)],
            }
            for clients in scale.clients
        ]
    return {"grid": grid, "rounds": rounds, "clients": sweep}


def _record(model: Path, folder: Path, lines: Path, seconds: float) -> Path:
    """The batches that the engine gets of 32 clients."""
    batches = folder / "batches.json"
    with Recorded(model, batches) as server:
        small_requests(server.url, _MANY, seconds, lines)
    return batches


def real(scale: Scale, folder: Path, cpus: int) -> dict[str, Any]:
    """A model for real text: a document with both beams, an array, a lone sentence."""
    lines = sentences()[: scale.real_sentences]
    file = write(lines, folder / "real.en")
    with ExitStack() as stack:
        raw = stack.enter_context(Raw(REAL, file))
        ours = stack.enter_context(Ours(REAL))
        grid = raw.ask("grid", cpus)
        rounds = [
            {
                "raw_document": raw.ask("document"),
                "document": document(ours.url, lines),
                "document_beam_1": document(ours.url, lines, beam_size=1),
                "raw_lone_ms": statistics.median(raw.ask("lone", 200)),
                "lone": _load(ours.url, 1, scale.seconds, file),
                **_arrays(raw, ours, lines),
            }
            for _ in range(scale.rounds)
        ]
    return {"grid": grid, "rounds": rounds}


def _load(url: str, clients: int, seconds: float, file: Path = SENTENCES) -> dict[str, float]:
    return asdict(small_requests(url, clients, seconds, file))


def _arrays(raw: Raw, ours: Ours, lines: list[str]) -> dict[str, float]:
    return {
        "raw_array": raw.ask("array", _ARRAY, _ARRAYS),
        "array": array(ours.url, lines[:_ARRAY], _ARRAYS),
    }


def start(scale: Scale, cpus: int) -> list[dict[str, float]]:
    """Seconds from the start of the process; every one once unmeasured, for the page cache."""
    found = []
    for _ in range(scale.rounds + 1):
        with Ours(MODEL) as ours, Plain(MODEL, cpus) as plain:
            pass
        found.append(
            {
                "first_translation": seconds_to_first_translation(MODEL),
                "ours": ours.ready_s,
                "plain": plain.ready_s,
            }
        )
    return found[1:]


def memory(scale: Scale, folder: Path, cpus: int) -> dict[str, float]:
    """MB: idle after the start, and the peak of one document."""
    lines = sentences()[: scale.sentences]
    file = write(lines, folder / "lines.en")
    with Ours(MODEL) as ours, Plain(MODEL, cpus) as plain:
        found = {"idle": ours.memory(), "plain_idle": plain.memory()}
        document(ours.url, lines)
        found["document"] = ours.peak()
    with Raw(MODEL, file) as raw:
        raw.ask("document")
        found["raw_document"] = raw.ask("memory")
    return found


def cache(scale: Scale) -> list[dict[str, float]]:
    """Sentences a second of a document of which every other line was translated before."""
    lines = sentences()[: scale.sentences]
    found = []
    for _ in range(min(3, scale.rounds)):
        with Ours(MODEL, SERVING_CACHE_ENTRIES="20000") as with_cache, Ours(MODEL) as without:
            for server in (with_cache, without):
                document(server.url, lines[::2])
            found.append(
                {
                    "with": document(with_cache.url, lines),
                    "without": document(without.url, lines),
                }
            )
    return found


def large(scale: Scale, folder: Path, cpus: int) -> dict[str, Any]:
    """The same with a model of OPUS-MT's size."""
    lines = sentences()[: scale.large_sentences]
    file = write(lines, folder / "some.en")
    model = large_model.make(folder, scale.large_layers)
    with ExitStack() as stack:
        raw = stack.enter_context(Raw(model, file))
        ours = stack.enter_context(Ours(model))
        threaded = stack.enter_context(Ours(model, ENGINE_THREADS=str(cpus)))
        return {
            "grid": raw.ask("grid", cpus),
            "rounds": [
                {
                    "raw_lone_ms": min(raw.ask("lone_by_threads", 5 * scale.rounds, cpus)),
                    "lone": _load(ours.url, 1, scale.seconds, file),
                    "lone_threaded": _load(threaded.url, 1, scale.seconds, file),
                    "raw_document": raw.ask("document"),
                    "document": document(ours.url, lines),
                    "many": _load(ours.url, _MANY, 3 * scale.seconds, file),
                }
                for _ in range(min(3, scale.rounds))
            ],
        }


def _beside_document(url: str, lines: list[str], seconds: float) -> dict[str, float]:
    """A lone client while documents are translated, one after the other."""
    with _documents(url, lines):
        return _load(url, 1, seconds)


@contextmanager
def _documents(url: str, lines: list[str]) -> Iterator[None]:
    enough = threading.Event()
    text = "\n".join(lines)

    def work() -> None:
        while not enough.is_set():
            post(url, text)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def _best(measure: Callable[[], float], times: int = 2) -> float:
    return max(measure() for _ in range(times))
