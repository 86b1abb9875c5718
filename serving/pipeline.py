"""Texts to translations: a job for each text, run to their ends in rounds."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handlers import Handler, Options, Segment, Translation
from serving.errors import TooLarge
from serving.jobs import Ask, Job, together
from serving.request import Request
from serving.text.context import Context
from serving.text.protected import protected_spans
from serving.text.source import Source
from serving.text.translation import translate_source

Translate = Callable[[Sequence[Segment], Options], Sequence[Translation]]


@dataclass
class Stats:
    """What a request took: counts, and seconds waiting for the model."""

    segments: int = 0
    tokens: int = 0
    seconds: float = 0.0


def translate_text(
    text: str, source: str, target: str, handler: Handler, request: Request
) -> Job[Translation]:
    """The whole way of one text; ``source`` and ``target`` are language codes."""
    context = Context(
        source=source,
        target=target,
        split=request.split,
        options=Options(alternatives=request.alternatives, beam_size=request.beam_size),
        tokenize=getattr(handler, "tokenize", characters),
        max_tokens=getattr(handler, "max_tokens", None),
        recase=request.recase,
    )
    if request.format == "text":
        spans = protected_spans(text, request.keep)
        result = yield from translate_source(Source.plain(text, spans), context)
    else:
        # Not at the top: most processes never see markup, and it is a tenth of a start.
        from serving.text.markup.document import translate_markup

        is_html = request.format == "html"
        result = yield from translate_markup(
            text, is_html, request.keep, request.ignore_tags, context
        )
    return result.translation


def characters(texts: Sequence[str]) -> list[list[str]]:
    """Stands in for the ``tokenize`` that a handler may leave out."""
    return [list(text) for text in texts]


def run(
    jobs: Sequence[Job[Translation]], translate: Translate, max_tokens: int
) -> tuple[list[Translation], Stats]:
    """Run all jobs to their end, one call of ``translate`` a round and kind of options.

    Raises `TooLarge` for more than ``max_tokens`` in the first round; later
    rounds ask again for some of it.
    """
    stats = Stats()
    job = together(jobs)
    answers: list[Translation] | None = None
    while True:
        try:
            # The first send starts a generator and must be None.
            asks = job.send(answers)  # type: ignore[arg-type]
        except StopIteration as stop:
            return stop.value, stats
        if answers is None:
            _check_size(asks, max_tokens)
        answers = _round(asks, translate, stats)


def _check_size(asks: Sequence[Ask], max_tokens: int) -> None:
    tokens = sum(len(ask.segment.tokens) for ask in asks)
    if tokens > max_tokens:
        raise TooLarge(
            f"The request has {tokens} tokens; the limit is {max_tokens}. Send it in parts."
        )


def _round(asks: Sequence[Ask], translate: Translate, stats: Stats) -> list[Translation]:
    groups: dict[Options, list[int]] = defaultdict(list)
    for index, ask in enumerate(asks):
        groups[ask.options].append(index)
    answers: dict[int, Translation] = {}
    for options, indices in groups.items():
        segments = [asks[index].segment for index in indices]
        answers.update(zip(indices, _translate(segments, options, translate, stats), strict=True))
    return [answers[index] for index in range(len(asks))]


def _translate(
    segments: list[Segment], options: Options, translate: Translate, stats: Stats
) -> Sequence[Translation]:
    started = time.perf_counter()
    translations = translate(segments, options)
    stats.seconds += time.perf_counter() - started
    stats.segments += len(segments)
    stats.tokens += sum(len(segment.tokens) for segment in segments)
    if len(translations) != len(segments):
        raise RuntimeError(f"{len(translations)} translations for {len(segments)} segments")
    return translations
