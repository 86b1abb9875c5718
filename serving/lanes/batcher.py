"""Batches of the segments of all waiting requests, on as many lanes as there are CPUs.

A lane that is free takes what waits, at once: a lone request never waits for
company, and batches grow by themselves while all lanes are busy.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from handlers import Handler, Translation
from serving.jobs import Ask
from serving.lanes.caller import Caller
from serving.lanes.short_tasks import at_end
from serving.lanes.tickets import Batch, Ticket, fill

log = logging.getLogger(__name__)

_MINIMUM = 64
"""Tokens. Smaller batches are not split to feed two lanes: they would cost more in all."""

_SHORT = 128
"""Tokens up to which a request is short: it shares batches only with short ones, for
in a document's batch it would take as long as that."""


class Batcher:
    """Handlers, called from ``lanes`` threads. Safe to call from many threads.

    Requests take turns: one batch is led by each in its turn and filled with what
    others of like size have of the same kind. One further lane, the express lane,
    takes short requests while documents keep the others busy.
    """

    def __init__(self, lanes: int, max_tokens: int = 448) -> None:
        """``max_tokens``: of a batch; a longer segment is a batch by itself."""
        self._lanes = lanes
        self._max_tokens = max_tokens
        self.on_batch: Callable[[Batch], None] = lambda batch: None
        """Called for each batch before it is translated, in its lane."""
        self._turns: list[Ticket] = []
        self._running: list[Batch] = []
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        self._express = threading.Condition(self._lock)
        for number in range(lanes):
            self._start(f"lane-{number}", self._work, self._next)
        self._start("express-lane", self._express, self._next_short)

    def begin(self, handler: Handler, asks: Sequence[Ask], caller: Caller) -> Ticket:
        """Have the asks translated, in batches shared with other callers, and go on meanwhile.

        What has not started at the caller's deadline, or when the caller leaves, is dropped.
        """
        ticket = Ticket(handler, asks, caller)
        if ticket.waiting_tokens:
            with self._lock:
                self._turns.append(ticket)
            at_end(self._look)
        return ticket

    def wait(self, ticket: Ticket) -> list[Translation]:
        """The translations, in the asks' order. To be called once.

        Raises `TimedOut`, and what the handler raises for a batch of these asks alone.
        """
        outcome = ticket.outcome.get(ticket.caller.seconds_left())
        if outcome is None:
            outcome = ticket.caller.timed_out()
            self.drop(ticket, outcome)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def drop(self, ticket: Ticket, error: Exception) -> None:
        """Fail the ticket with ``error``: its caller waits no more."""
        with self._lock:
            ticket.fail(error)

    def longest(self) -> float:
        """Seconds for which the oldest batch has been running; 0 without any."""
        with self._lock:
            started = [batch.started for batch in self._running]
        return time.monotonic() - min(started) if started else 0.0

    def abandon(self, error: Exception) -> None:
        """Fail every ticket that waits or runs with ``error``."""
        with self._lock:
            for ticket in [*self._turns, *(t for b in self._running for t, _ in b.shares)]:
                ticket.fail(error)

    def _start(
        self, name: str, condition: threading.Condition, choose: Callable[[], Batch | None]
    ) -> None:
        threading.Thread(target=self._run, args=(condition, choose), name=name, daemon=True).start()

    def _run(self, condition: threading.Condition, choose: Callable[[], Batch | None]) -> None:
        while True:
            try:
                self._finish(self._await(condition, choose))
            except BaseException:
                log.exception("a lane has failed; it goes on as a new one")
                self._give_up()

    def _await(self, condition: threading.Condition, choose: Callable[[], Batch | None]) -> Batch:
        with self._lock:
            while (batch := choose()) is None:
                condition.wait()
            self._running.append(batch)
            self._wake()
            return batch

    def _finish(self, batch: Batch) -> None:
        """Translate the batch; where that fails, each request's share alone."""
        error = self._try(batch)
        if error is None:
            return
        alone = batch.alone()
        if len(alone) == 1:
            with self._lock:
                batch.fail(error)
            return
        for own in alone:
            with self._lock:
                if not own.is_wanted():
                    continue
                self._running.append(own)
            self._finish(own)

    def _try(self, batch: Batch) -> Exception | None:
        """The error with which the batch could not be translated, or None."""
        try:
            self.on_batch(batch)
            translations = batch.translate()
            with self._lock:
                batch.deliver(translations)
        except BaseException as error:
            # What a request raises must not end the thread that serves it.
            return error if isinstance(error, Exception) else RuntimeError(type(error).__name__)
        finally:
            with self._lock:
                self._running.remove(batch)
        return None

    def _give_up(self) -> None:
        """Fail all tickets that wait: they made the choice of a batch fail, and would again."""
        with self._lock:
            for ticket in self._turns:
                ticket.fail(RuntimeError("No batch can be made of what waits."))
            self._turns.clear()

    def _look(self) -> None:
        with self._lock:
            self._wake()

    def _wake(self) -> None:
        """Wake a lane that can take what waits. The caller holds the lock."""
        if any(ticket.waiting_tokens for ticket in self._turns):
            self._work.notify()
            if self._is_full():
                self._express.notify()

    def _is_full(self) -> bool:
        """Whether all lanes are busy, and a document is among the reasons."""
        busy = len(self._running) >= self._lanes
        return busy and any(batch.tokens > _SHORT for batch in self._running)

    def _next(self) -> Batch | None:
        self._turns = [ticket for ticket in self._turns if ticket.is_wanted()]
        if not self._turns:
            return None
        lead = self._turns[0]
        alike = [ticket for ticket in self._turns if _is_short(ticket) == _is_short(lead)]
        maximum, lanes = self._max_tokens, self._lanes
        if _is_short(lead):
            # Not shared with busy lanes: more will have come when they are free.
            maximum, lanes = _SHORT, max(1, lanes - len(self._running))
        fair = sum(ticket.waiting_tokens for ticket in alike) // lanes
        return self._led_by(lead, alike, min(maximum, max(_MINIMUM, fair)))

    def _next_short(self) -> Batch | None:
        if not self._is_full():
            return None
        short = [ticket for ticket in self._turns if ticket.is_wanted() and _is_short(ticket)]
        return self._led_by(short[0], short, _SHORT) if short else None

    def _led_by(self, lead: Ticket, tickets: Sequence[Ticket], room: int) -> Batch:
        batch = fill(lead, [ticket for ticket in tickets if ticket is not lead], room)
        self._turns.remove(lead)
        self._turns.append(lead)
        return batch


def _is_short(ticket: Ticket) -> bool:
    return ticket.tokens <= _SHORT
