"""Texts to translations: picks the model, runs the pipeline."""

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from handlers import Translation
from model_folder.calibration import Calibration, signs
from model_folder.pair import without_region
from serving.errors import BadRequest, UnknownPair
from serving.lanes.batcher import Batcher
from serving.lanes.cache import Cache
from serving.lanes.caller import Caller
from serving.plugins.models import Model
from serving.request import Answer, Request
from serving.service.asking import Asking
from serving.service.pipeline import translate_texts
from serving.text import warnings
from serving.text.joining import Result


class Translator:
    """Translates between the pairs of ``models``. Safe to call from many threads."""

    def __init__(
        self,
        models: Sequence[Model],
        max_tokens: int,
        batcher: Batcher | None = None,
        cache: Cache | None = None,
        recase: bool = True,
    ) -> None:
        """``max_tokens``: the maximum of a request, as its model counts them. Without
        ``batcher`` there is one lane, without ``cache`` nothing is remembered.
        ``recase``: text in capitals is translated as a sentence."""
        self.models = list(models)
        self.batcher = batcher or Batcher(lanes=1)
        self._cache = Cache(0, 0) if cache is None else cache
        self._max_tokens = max_tokens
        self._recase = recase
        self._by_pair = {
            (model.folder.source.lower(), model.folder.target.lower()): model for model in models
        }

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(model.folder.source, model.folder.target) for model in self.models]

    @property
    def demonstrations(self) -> list[tuple[str, str]]:
        """The pairs whose manifest says that the model is a demonstration."""
        folders = [model.folder for model in self.models]
        return [(folder.source, folder.target) for folder in folders if folder.demonstration]

    def translate(self, request: Request, caller: Caller | None = None) -> Answer:
        """Raises `UnknownPair`, `TooLarge` for too many tokens, `TimedOut`, or
        `BadRequest` where no pair is named and several are served."""
        model = self._model(request.source, request.target)
        folder = model.folder
        caller = caller or Caller()
        asking = Asking(model, self.batcher, self._cache, caller, self._max_tokens)
        started = time.perf_counter()
        try:
            results = translate_texts(
                request, folder.source, folder.target, model.guest, asking, self._recase
            )
        except BaseException:
            asking.drop()
            raise
        seconds = time.perf_counter() - started
        return Answer(
            translations=[
                _judged(folder.calibration, text, result)
                for text, result in zip(request.texts, results, strict=True)
            ],
            pair=folder.pair,
            name=folder.name,
            version=folder.version,
            characters=sum(map(len, request.texts)),
            segments=asking.segments,
            tokens=asking.tokens,
            cached=asking.cached,
            milliseconds={
                "text": round(1000 * (seconds - asking.seconds), 2),
                "translate": round(1000 * asking.seconds, 2),
                "queue": round(1000 * (asking.queued or 0.0), 2),
            },
            batches=asking.batches,
        )

    def _model(self, source: str | None, target: str | None) -> Model:
        if len(self.models) == 1:
            only = self.models[0].folder
            source = only.source if source is None else source
            target = only.target if target is None else target
        if source is None or target is None:
            missing = "source" if source is None else "target"
            raise BadRequest(f"{missing} is missing. Served are {self._served()}.")
        for pair in product(_meant_by(source), _meant_by(target)):
            if model := self._by_pair.get(pair):
                return model
        raise UnknownPair(f"{source} → {target} is not served. Served are {self._served()}.")

    def _served(self) -> str:
        return ", ".join(f"{source} → {target}" for source, target in sorted(self.pairs))


def _meant_by(code: str) -> tuple[str, ...]:
    """The code itself, and the language of it: who asks for `de-AT` gets what `de` gives."""
    return code.lower(), without_region(code).lower()


def _judged(calibration: Calibration | None, text: str, result: Result) -> Translation:
    """The translation with its confidence, and with a warning where that is low."""
    found = result.translation
    if calibration is None or found.score is None:
        return found
    confidence = calibration.confidence(signs(text, found.text, found.score, result.tokens))
    unsure = (warnings.UNSURE,) if confidence < calibration.threshold else ()
    return replace(found, confidence=round(confidence, 3), warnings=(*found.warnings, *unsure))
