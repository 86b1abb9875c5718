"""One text's way through: taken apart, translated, put together, in rounds.

Each text is a generator that yields what it wants translated and is sent the
translations. So a rule that must ask again (a retry, a repair) is plain
sequential code, and each round of all texts is one call of the model.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

from handlers import Handler, Options, Segment, Translation
from serving.errors import TooLarge
from serving.request import Request
from serving.text.document import take_apart


@dataclass(frozen=True)
class Work:
    """Segments to translate, all with the same options."""

    segments: list[Segment]
    options: Options


Job = Generator[Work, list[Translation], Translation]
Translate = Callable[[Sequence[Segment], Options], Sequence[Translation]]


@dataclass
class Stats:
    """What a request took: counts, and seconds waiting for the model."""

    segments: int = 0
    tokens: int = 0
    seconds: float = field(default=0.0)


def translate_text(text: str, source: str, handler: Handler, request: Request) -> Job:
    """The whole pipeline of one text; ``source`` is its language."""
    options = Options(alternatives=request.alternatives, beam_size=request.beam_size)
    document = take_apart(
        text,
        source,
        request.split,
        getattr(handler, "tokenize", characters),
        getattr(handler, "max_tokens", None),
    )
    translations = yield Work(document.segments, options)
    return document.join(translations)


def characters(texts: Sequence[str]) -> list[list[str]]:
    """Stands in for the ``tokenize`` that a handler may leave out."""
    return [list(text) for text in texts]


def run(
    jobs: Sequence[Job], translate: Translate, max_tokens: int
) -> tuple[list[Translation], Stats]:
    """Run all jobs to their end, one call of ``translate`` a round and kind of options.

    Raises `TooLarge` before a round of more than ``max_tokens``.
    """
    stats = Stats()
    finished: dict[int, Translation] = {}
    answers: dict[int, list[Translation] | None] = dict.fromkeys(range(len(jobs)))
    while answers:
        wanted = {}
        for index, answer in answers.items():
            try:
                # The first send starts a generator and must be None.
                wanted[index] = jobs[index].send(answer)  # type: ignore[arg-type]
            except StopIteration as stop:
                finished[index] = stop.value
        _check_size(wanted, max_tokens)
        answers = _round(wanted, translate, stats)
    return [finished[index] for index in range(len(jobs))], stats


def _check_size(wanted: dict[int, Work], max_tokens: int) -> None:
    tokens = sum(len(s.tokens) for work in wanted.values() for s in work.segments)
    if tokens > max_tokens:
        raise TooLarge(
            f"The request has {tokens} tokens; the limit is {max_tokens}. Send it in parts."
        )


def _round(
    wanted: dict[int, Work], translate: Translate, stats: Stats
) -> dict[int, list[Translation] | None]:
    groups: dict[Options, list[int]] = defaultdict(list)
    for index, work in wanted.items():
        groups[work.options].append(index)
    answers: dict[int, list[Translation] | None] = {}
    for options, indices in groups.items():
        segments = [segment for index in indices for segment in wanted[index].segments]
        translations = iter(_translate(segments, options, translate, stats))
        for index in indices:
            answers[index] = [next(translations) for _ in wanted[index].segments]
    return answers


def _translate(
    segments: list[Segment], options: Options, translate: Translate, stats: Stats
) -> Sequence[Translation]:
    if not segments:
        return []
    started = time.perf_counter()
    translations = translate(segments, options)
    stats.seconds += time.perf_counter() - started
    stats.segments += len(segments)
    stats.tokens += sum(len(segment.tokens) for segment in segments)
    if len(translations) != len(segments):
        raise RuntimeError(f"{len(translations)} translations for {len(segments)} segments")
    return translations
