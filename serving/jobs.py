"""Jobs: generators that yield what they want translated and are sent the translations.

So a rule that must ask the model again (a retry, a repair) is plain sequential
code, and each round of all jobs is one call of the model.
"""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

from handlers import Options, Segment, Translation

T = TypeVar("T")

AT_ONCE = 512
"""Segments asked for by one text at a time. More would not be translated sooner, but what is under
way takes some 40 objects a segment, which the garbage collector looks at again and again.
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """A segment that is to be translated, and how."""

    segment: Segment
    options: Options


Job = Generator[list[Ask], list[Translation], T]


def together(jobs: Iterable[Job[T]]) -> Job[list[T]]:
    """One job that runs ``jobs`` side by side; returns what they return, in order.

    Each begins where those before it ask for less than `AT_ONCE`.
    """
    waiting = iter(jobs)
    first = list(islice(waiting, 2))
    if len(first) == 1:
        return [(yield from first[0])]
    new = enumerate(chain(first, waiting))
    results: dict[int, T] = {}

    def go_on(index: int, job: Job[T], answers: list[Translation] | None) -> list[Ask]:
        try:
            # The first send starts a generator and must be None.
            return job.send(answers)  # type: ignore[arg-type]
        except StopIteration as stop:
            results[index] = stop.value
            return []

    asked: list[tuple[int, Job[T], list[Ask]]] = []
    while True:
        size = sum(len(asks) for _, _, asks in asked)
        while size < AT_ONCE and (begun := next(new, None)):
            if asks := go_on(*begun, None):
                asked.append((*begun, asks))
                size += len(asks)
        if not asked:
            return [results[index] for index in range(len(results))]
        found = iter((yield [ask for _, _, asks in asked for ask in asks]))
        asked = [
            (index, job, again)
            for index, job, asks in asked
            if (again := go_on(index, job, [next(found) for _ in asks]))
        ]
