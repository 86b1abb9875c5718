"""One request's calls of its model: what is known from the cache, the rest in batches."""

from collections.abc import Callable, Sequence

from handlers import Options, Segment, Translation
from serving.errors import Stopping
from serving.lanes.batcher import Batcher
from serving.lanes.cache import Cache, Key
from serving.lanes.caller import Caller
from serving.lanes.tickets import Ticket
from serving.plugins.models import Model

Wait = Callable[[], list[Translation]]


class Call:
    """Counts in ``cached`` the segments that needed no model."""

    def __init__(self, model: Model, batcher: Batcher, cache: Cache, caller: Caller) -> None:
        self._model = model
        self._batcher = batcher
        self._cache = cache
        self._caller = caller
        self._tickets: list[Ticket] = []
        self.cached = 0

    def translate(self, segments: Sequence[Segment], options: Options) -> list[Translation]:
        """As the handler's own; with a cache, equal segments are translated once."""
        return self.begin(segments, options)()

    def begin(self, segments: Sequence[Segment], options: Options) -> Wait:
        """`translate` in two halves: what comes back waits for the translations.

        Raises `TimedOut` and `Stopping`: what came before has taken time too.
        """
        if error := self._caller.why_not():
            raise error
        if not self._cache.is_on:
            return self._ask(segments, options)
        keys = [self.key(segment, options) for segment in segments]
        known = {
            key: translation
            for key, translation in zip(keys, self._cache.look(keys), strict=True)
            if translation is not None
        }
        missing = {
            key: segment for key, segment in zip(keys, segments, strict=True) if key not in known
        }
        self.cached += len(segments) - len(missing)
        ask = self._ask(list(missing.values()), options)

        def wait() -> list[Translation]:
            fresh = ask()
            self._cache.note(list(missing), fresh)
            known.update(zip(missing, fresh, strict=True))
            return [known[key] for key in keys]

        return wait

    def key(self, segment: str, options: Options) -> Key:
        # A process loads one model a pair, once: the pair stands for the model.
        return self._model.folder.pair, options, str(segment)

    def drop(self) -> None:
        """Nobody waits for what was begun."""
        for ticket in self._tickets:
            self._batcher.drop(ticket, Stopping("The request has failed."))

    def _ask(self, segments: Sequence[Segment], options: Options) -> Wait:
        ticket = self._batcher.begin(self._model.guest, segments, options, self._caller)
        self._tickets.append(ticket)

        def wait() -> list[Translation]:
            translations = self._batcher.wait(ticket)
            self._tickets.remove(ticket)  # its tokens are not needed any more
            return translations

        return wait
