"""One request's calls of its model: what is known from the cache, the rest in batches."""

from collections.abc import Sequence

from handlers import Options, Segment, Translation
from serving.batcher import Batcher
from serving.cache import Cache
from serving.caller import Caller
from serving.models import Model


class Call:
    """Counts in ``cached`` the segments that needed no model."""

    def __init__(self, model: Model, batcher: Batcher, cache: Cache, caller: Caller) -> None:
        self._model = model
        self._batcher = batcher
        self._cache = cache
        self._caller = caller
        self.cached = 0

    def translate(self, segments: Sequence[Segment], options: Options) -> list[Translation]:
        """As the handler's own; with a cache, equal segments are translated once."""
        if not self._cache.is_on:
            return self._ask(segments, options)
        # A process loads one model a pair, once: the pair stands for the model.
        prefix = self._model.folder.pair, options
        keys = [(prefix, str(segment)) for segment in segments]
        known = {
            key: translation
            for key, translation in zip(keys, self._cache.look(keys), strict=True)
            if translation is not None
        }
        missing = {
            key: segment for key, segment in zip(keys, segments, strict=True) if key not in known
        }
        self.cached += len(segments) - len(missing)
        fresh = self._ask(list(missing.values()), options)
        self._cache.note(list(missing), fresh)
        known.update(zip(missing, fresh, strict=True))
        return [known[key] for key in keys]

    def _ask(self, segments: Sequence[Segment], options: Options) -> list[Translation]:
        return self._batcher.translate(self._model.handler, segments, options, self._caller)
