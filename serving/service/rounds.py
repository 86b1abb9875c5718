"""Jobs run to their ends: each round of one is a call of the model."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from handlers import Options, Segment, Translation
from serving.errors import TooLarge
from serving.jobs import Ask, Job

_AHEAD = 3
"""Jobs begun before the results of the first are waited for: while the model translates
for these, the next is prepared and the one before is finished."""

T = TypeVar("T")
Wait = Callable[[], Sequence[Translation]]
Begin = Callable[[Sequence[Segment], Options], Wait]


@dataclass
class Stats:
    """What a request took: counts, and seconds waiting for the model."""

    segments: int = 0
    tokens: int = 0
    seconds: float = 0.0


class Rounds:
    """Begins and ends rounds, and counts what they take."""

    def __init__(self, begin: Begin, max_tokens: int) -> None:
        """``max_tokens``: in all first rounds; later ones ask again for some of it."""
        self.stats = Stats()
        self._begin = begin
        self._max_tokens = max_tokens
        self._first_tokens = 0

    def results(self, jobs: Iterable[Job[T]]) -> Iterator[T]:
        """Of all jobs, in order. Raises `TooLarge`, and what ``begin`` and its waits raise."""
        running: deque[_Running[T]] = deque()
        for job in jobs:
            running.append(_Running(job, self))
            if len(running) > _AHEAD:
                yield running.popleft().finish()
        while running:
            yield running.popleft().finish()

    def first(self, asks: Sequence[Ask]) -> Wait:
        self._first_tokens += sum(len(ask.segment.tokens) for ask in asks)
        if self._first_tokens > self._max_tokens:
            raise TooLarge(
                f"The request has at least {self._first_tokens} tokens; the limit is "
                f"{self._max_tokens}. Send it in parts."
            )
        return self.begin(asks)

    def begin(self, asks: Sequence[Ask]) -> Wait:
        """One call for each kind of options; what comes back waits for all."""
        self.stats.segments += len(asks)
        self.stats.tokens += sum(len(ask.segment.tokens) for ask in asks)
        groups: dict[Options, list[int]] = defaultdict(list)
        for index, ask in enumerate(asks):
            groups[ask.options].append(index)
        waits = [
            (indices, self._begin([asks[index].segment for index in indices], options))
            for options, indices in groups.items()
        ]
        return lambda: self._wait(waits)

    def _wait(self, waits: Sequence[tuple[list[int], Wait]]) -> list[Translation]:
        started = time.perf_counter()
        answers: dict[int, Translation] = {}
        for indices, wait in waits:
            translations = wait()
            if len(translations) != len(indices):
                raise RuntimeError(f"{len(translations)} translations for {len(indices)} segments")
            answers.update(zip(indices, translations, strict=True))
        self.stats.seconds += time.perf_counter() - started
        return [answers[index] for index in range(len(answers))]


class _Running(Generic[T]):
    """A job whose first round has begun."""

    def __init__(self, job: Job[T], rounds: Rounds) -> None:
        self._job = job
        self._rounds = rounds
        self._wait: Wait = tuple
        self._found: list[T] = []
        self._go_on(lambda: rounds.first(next(job)))

    def finish(self) -> T:
        while not self._found:
            self._go_on(lambda: self._rounds.begin(self._job.send(list(self._wait()))))
        return self._found[0]

    def _go_on(self, begin_round: Callable[[], Wait]) -> None:
        try:
            self._wait = begin_round()
        except StopIteration as stop:
            self._found.append(stop.value)
