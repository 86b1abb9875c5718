"""Jobs: generators that yield what they want translated and are sent the translations.

So a rule that must ask the model again (a retry, a repair) is plain sequential
code, and each round of all jobs is one call of the model.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from handlers import Options, Segment, Translation

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ask:
    """One segment for the model."""

    segment: Segment
    options: Options


Job = Generator[list[Ask], list[Translation], T]


def together(jobs: Sequence[Job[T]]) -> Job[list[T]]:
    """One job that runs all of ``jobs`` side by side; returns what they return."""
    if len(jobs) == 1:
        return [(yield from jobs[0])]
    results: dict[int, T] = {}
    answers: dict[int, list[Translation] | None] = dict.fromkeys(range(len(jobs)))
    while answers:
        wanted: dict[int, list[Ask]] = {}
        for index, answer in answers.items():
            try:
                # The first send starts a generator and must be None.
                wanted[index] = jobs[index].send(answer)  # type: ignore[arg-type]
            except StopIteration as stop:
                results[index] = stop.value
        answers = {}
        if wanted:
            found = iter((yield [ask for asks in wanted.values() for ask in asks]))
            answers = {index: [next(found) for _ in asks] for index, asks in wanted.items()}
    return [results[index] for index in range(len(jobs))]
