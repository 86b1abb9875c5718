"""Tickets, which wait for a batch, and batches, which are made of tickets."""

import sys
import time
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from handlers import Handler, Options, Translation
from serving.jobs import Ask
from serving.lanes.caller import Caller
from serving.lanes.mailbox import Mailbox

Kind = tuple[Handler, Options, Hashable]
"""Segments of one kind may share a batch."""


class Ticket:
    """Asks of one caller, and their outcome, which an error may settle before the work ends."""

    def __init__(self, handler: Handler, asks: Sequence[Ask], caller: Caller) -> None:
        self.asks = asks
        self.sizes = [len(ask.segment.tokens) or 1 for ask in asks]
        self.tokens = self.waiting_tokens = sum(self.sizes)
        self.caller = caller
        self.queued = 0.0
        """Seconds until the first segment of this ticket was taken."""
        self.led: list[int] = []
        """Segments in each batch that it led; every batch is led by one ticket."""
        self._created = time.monotonic()
        self.outcome: Mailbox[list[Translation] | Exception] = Mailbox()
        """The translations, or why there are none."""
        self._is_settled = False
        self._done: list[Translation | None] = [None] * len(asks)
        self._missing = len(asks)
        key = getattr(handler, "batch_key", lambda segment: None)
        groups: dict[Kind, list[int]] = defaultdict(list)
        # Taken from the end: long ones first, so that the last batches are short ones.
        for index in sorted(range(len(asks)), key=self.sizes.__getitem__):
            ask = asks[index]
            groups[handler, ask.options, key(ask.segment)].append(index)
        self._groups = dict(groups)
        if not asks:
            self._settle([])

    @property
    def is_settled(self) -> bool:
        return self._is_settled

    def is_wanted(self) -> bool:
        """Whether anybody still waits for what has not been started."""
        if self.waiting_tokens and (error := self.caller.why_not()):
            self.fail(error)
        return self.waiting_tokens > 0

    def kind(self) -> Kind:
        """The kind with most tokens waiting; smaller kinds may still grow."""
        return max(self._groups, key=self._tokens_of)

    def take(self, kind: Kind, room: int, maximum: int = sys.maxsize) -> list[int]:
        """Indices of up to ``maximum`` segments of ``room`` tokens together, which wait no more."""
        waiting = self._groups.get(kind, [])
        taken: list[int] = []
        while waiting and len(taken) < maximum and self.sizes[waiting[-1]] <= room:
            taken.append(waiting.pop())
            room -= self.sizes[taken[-1]]
        if taken and self.waiting_tokens == self.tokens:
            self.queued = time.monotonic() - self._created
        if taken and not waiting:
            del self._groups[kind]
        self.waiting_tokens -= sum(self.sizes[index] for index in taken)
        return taken

    def _tokens_of(self, kind: Kind) -> int:
        return sum(self.sizes[index] for index in self._groups[kind])

    def longest(self, kind: Kind) -> int:
        """Tokens."""
        return self.sizes[self._groups[kind][-1]]

    def deliver(self, indices: Iterable[int], translations: Iterable[Translation]) -> None:
        for index, translation in zip(indices, translations, strict=True):
            self._done[index] = translation
            self._missing -= 1
        if not self._missing:
            self._settle(self._done)  # type: ignore[arg-type]

    def fail(self, error: Exception) -> None:
        """Settle the outcome with ``error``, if it is open; segments that wait are dropped."""
        self._groups.clear()
        self.waiting_tokens = 0
        self._settle(error)

    def _settle(self, outcome: list[Translation] | Exception) -> None:
        if not self._is_settled:
            self._is_settled = True
            self.outcome.put(outcome)


@dataclass(frozen=True, eq=False)
class Batch:
    """Segments of one kind, of one ticket or several."""

    kind: Kind
    shares: list[tuple[Ticket, list[int]]]
    tokens: int
    started: float = field(default_factory=time.monotonic)

    def translate(self) -> Sequence[Translation]:
        """Raises whatever the handler raises, or `RuntimeError` for a wrong count.

        A `serving.plugins.guest.Guest` has checked what it returns.
        """
        handler, options, _ = self.kind
        segments = [ticket.asks[index].segment for ticket, taken in self.shares for index in taken]
        translations = handler.translate(segments, options)
        if len(translations) != len(segments):
            raise RuntimeError(
                f"{len(translations)} translations for {len(segments)} segments came back."
            )
        return translations

    def deliver(self, translations: Sequence[Translation]) -> None:
        """Give each ticket its share of ``translations``."""
        start = 0
        for ticket, taken in self.shares:
            ticket.deliver(taken, translations[start : start + len(taken)])
            start += len(taken)

    @property
    def segments(self) -> int:
        return sum(len(taken) for _, taken in self.shares)

    def fail(self, error: Exception) -> None:
        for ticket, _ in self.shares:
            ticket.fail(error)

    def alone(self) -> list["Batch"]:
        """The same segments as batches of one ticket each."""
        own: dict[Ticket, list[int]] = defaultdict(list)
        for ticket, taken in self.shares:
            own[ticket] += taken
        return [
            Batch(self.kind, [(ticket, taken)], sum(ticket.sizes[index] for index in taken))
            for ticket, taken in own.items()
        ]

    def is_wanted(self) -> bool:
        """Whether the caller of any ticket in the batch still waits."""
        return not all(ticket.is_settled for ticket, _ in self.shares)


def fill(lead: Ticket, others: Iterable[Ticket], room: int) -> Batch:
    """The longest of the lead's fullest kind, then what else is of it: of short requests first."""
    kind = lead.kind()
    # One at least: a segment may be longer than any batch.
    shares = [(lead, lead.take(kind, lead.longest(kind), 1))]
    tokens = lead.sizes[shares[0][1][0]]
    for ticket in sorted((lead, *others), key=lambda ticket: ticket.waiting_tokens):
        if taken := ticket.take(kind, room - tokens):
            shares.append((ticket, taken))
            tokens += sum(ticket.sizes[index] for index in taken)
    batch = Batch(kind, shares, tokens)
    lead.led.append(batch.segments)
    return batch
