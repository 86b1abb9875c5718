"""One request's asking: its jobs are run to their ends, and each round of one is a ticket."""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from handlers import Translation
from serving.errors import Stopping, TooLarge
from serving.jobs import Ask, Job
from serving.lanes.batcher import Batcher
from serving.lanes.cache import Cache, Key
from serving.lanes.caller import Caller
from serving.lanes.tickets import Ticket
from serving.plugins.models import Model

_AHEAD = 3
"""Jobs begun before the results of the first are waited for: while the model translates
for these, the next is prepared and the one before is finished."""

T = TypeVar("T")


class Round(NamedTuple):
    """What is asked for at once."""

    keys: Sequence[Any]
    """One for each ask; equal ones have the same answer."""
    known: dict[Any, Translation]
    missing: dict[Any, Ask]
    ticket: Ticket


class Asking:
    """Asks one model for one request, and counts what that takes."""

    def __init__(
        self, model: Model, batcher: Batcher, cache: Cache, caller: Caller, max_tokens: int
    ) -> None:
        """``max_tokens``: of all first rounds; later ones ask again for some of it."""
        self._model = model
        self._batcher = batcher
        self._cache = cache
        self._caller = caller
        self._max_tokens = max_tokens
        self._first_tokens = 0
        self._tickets: list[Ticket] = []
        self.segments = 0
        self.tokens = 0
        self.cached = 0
        """Segments that needed no model."""
        self.seconds = 0.0
        """Waited for the model."""
        self.queued: float | None = None
        """Seconds of `seconds` that passed before the model began; None until it does."""
        self.batches: list[int] = []
        """Segments in each batch that was led by this request."""

    def results(self, jobs: Iterable[Job[T]]) -> Iterator[T]:
        """What the jobs return, in order.

        Raises `TooLarge`, `TimedOut`, `Stopping`, and what the handler raises.
        """
        running: deque[_Running[T]] = deque()
        for job in jobs:
            running.append(_Running(job, self))
            if len(running) > _AHEAD:
                yield running.popleft().finish()
        while running:
            yield running.popleft().finish()

    def first(self, asks: Sequence[Ask]) -> Round:
        self._first_tokens += sum(len(ask.segment.tokens) for ask in asks)
        if self._first_tokens > self._max_tokens:
            raise TooLarge(
                f"The request has at least {self._first_tokens} tokens; the limit is "
                f"{self._max_tokens}. Send it in parts."
            )
        return self.begin(asks)

    def begin(self, asks: Sequence[Ask]) -> Round:
        """Have what is not in the cache translated, equal segments once, and go on meanwhile."""
        if error := self._caller.why_not():
            raise error
        self.segments += len(asks)
        self.tokens += sum(len(ask.segment.tokens) for ask in asks)
        keys, known = self._look(asks)
        missing = {key: ask for key, ask in zip(keys, asks, strict=True) if key not in known}
        self.cached += len(asks) - len(missing)
        ticket = self._batcher.begin(self._model.guest, list(missing.values()), self._caller)
        self._tickets.append(ticket)
        return Round(keys, known, missing, ticket)

    def answers(self, asked: Round) -> list[Translation]:
        """The translations of a round, once the last of them is there."""
        started = time.perf_counter()
        fresh = self._batcher.wait(asked.ticket)
        self.seconds += time.perf_counter() - started
        if self.queued is None and asked.missing:
            self.queued = asked.ticket.queued
        self.batches += asked.ticket.led
        self._tickets.remove(asked.ticket)  # the tokens of the round are not needed any more
        if self._cache.is_on:
            self._cache.note(list(asked.missing), fresh)
        found = asked.known | dict(zip(asked.missing, fresh, strict=True))
        return [found[key] for key in asked.keys]

    def drop(self) -> None:
        """Drop the rounds that were begun: the request has failed."""
        for ticket in self._tickets:
            self._batcher.drop(ticket, Stopping("The request has failed."))

    def key(self, ask: Ask) -> Key:
        # A process loads one model a pair, once: the pair stands for the model.
        return self._model.folder.pair, ask.options, str(ask.segment)

    def _look(self, asks: Sequence[Ask]) -> tuple[Sequence[Any], dict[Any, Translation]]:
        if not self._cache.is_on:
            return range(len(asks)), {}
        keys = [self.key(ask) for ask in asks]
        looked = zip(keys, self._cache.look(keys), strict=True)
        return keys, {key: found for key, found in looked if found is not None}


class _Running(Generic[T]):
    """A job whose first round has begun."""

    def __init__(self, job: Job[T], asking: Asking) -> None:
        self._job = job
        self._asking = asking
        self._found: list[T] = []
        self._go_on(None)

    def finish(self) -> T:
        while not self._found:
            self._go_on(self._asking.answers(self._round))
        return self._found[0]

    def _go_on(self, answers: list[Translation] | None) -> None:
        begin = self._asking.first if answers is None else self._asking.begin
        try:
            # The first send starts a generator and must be None.
            self._round = begin(self._job.send(answers))  # type: ignore[arg-type]
        except StopIteration as stop:
            self._found.append(stop.value)
