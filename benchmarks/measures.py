"""What is measured. Those compared alternate, so that a busy machine slows both."""

import statistics
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.corpus import MODEL, SENTENCES, sentences, short_sentences, write
from benchmarks.load import document, post, small_requests
from benchmarks.processes import Ours, Plain, Raw, seconds_to_first_translation

ROUNDS = 3
CLIENTS = (1, 2, 4, 8, 16, 32, 64)
_MANY = 32
_LARGE_SENTENCES = 200


def speed(cpus: int) -> dict[str, Any]:
    """One document, 32 clients and a lone client, in rounds; then 1 to 64 clients."""
    lines = sentences()
    with ExitStack() as stack:
        raw = stack.enter_context(Raw(MODEL, SENTENCES))
        ours = stack.enter_context(Ours(MODEL))
        mixed = stack.enter_context(Ours(MODEL, ENGINE_MIXED_LENGTHS="1"))
        plain = stack.enter_context(Plain(MODEL, cpus))
        grid = raw.ask("grid", cpus)
        rounds = [
            {
                "raw_document": _best(lambda: raw.ask("document")),
                "document": _best(lambda: document(ours.url, lines)),
                "raw_lone_ms": statistics.median(raw.ask("lone", 500)),
                "lone": asdict(small_requests(ours.url, 1, 3, SENTENCES)),
                "plain_lone": asdict(small_requests(plain.url, 1, 3, SENTENCES)),
                "many": asdict(small_requests(ours.url, _MANY, 5, SENTENCES)),
                "mixed_many": asdict(small_requests(mixed.url, _MANY, 5, SENTENCES)),
                "plain_many": asdict(small_requests(plain.url, _MANY, 5, SENTENCES)),
                "beside_document": _beside_document(ours.url, lines),
            }
            for _ in range(ROUNDS)
        ]
        sweep = [
            {
                "clients": clients,
                "ours": [asdict(small_requests(ours.url, clients, 2, SENTENCES)) for _ in (1, 2)],
                "plain": [asdict(small_requests(plain.url, clients, 2, SENTENCES))],
            }
            for clients in CLIENTS
        ]
    return {"grid": grid, "rounds": rounds, "clients": sweep}


def start(cpus: int) -> list[dict[str, float]]:
    """Seconds from the start of the process; every one once unmeasured, for the page cache."""
    found = []
    for _ in range(6):
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


def memory(cpus: int) -> dict[str, float]:
    """MB: idle after the start, and the peak of one document."""
    lines = sentences()
    with Ours(MODEL) as ours, Plain(MODEL, cpus) as plain:
        found = {"idle": ours.memory(), "plain_idle": plain.memory()}
        document(ours.url, lines)
        found["document"] = ours.peak()
    with Raw(MODEL, SENTENCES) as raw:
        raw.ask("document")
        found["raw_document"] = raw.ask("memory")
    return found


def cache() -> list[dict[str, float]]:
    """Sentences a second of a document of which every other line was translated before."""
    lines = sentences()
    found = []
    for _ in range(ROUNDS):
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


def large(folder: Path, cpus: int) -> dict[str, Any]:
    """The same with a model of OPUS-MT's size, by ``folder``; random weights always hit the cap."""
    lines = short_sentences(_LARGE_SENTENCES)
    file = write(lines, folder.parent / "short.en")
    with ExitStack() as stack:
        raw = stack.enter_context(Raw(folder, file, capped=True))
        ours = stack.enter_context(Ours(folder))
        mixed = stack.enter_context(Ours(folder, ENGINE_MIXED_LENGTHS="1"))
        return {
            "grid": raw.ask("grid", cpus),
            "rounds": [
                {
                    "raw_document": raw.ask("document"),
                    "document": document(ours.url, lines),
                    "many": asdict(small_requests(ours.url, _MANY, 12, file)),
                    "mixed_many": asdict(small_requests(mixed.url, _MANY, 12, file)),
                }
                for _ in range(2)
            ],
        }


def _beside_document(url: str, lines: list[str]) -> dict[str, float]:
    """A lone client while documents are translated, one after the other."""
    with _documents(url, lines):
        return asdict(small_requests(url, 1, 4, SENTENCES))


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
