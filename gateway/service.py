"""What every dialect asks for: texts translated, within the caller's limits and in time."""

from __future__ import annotations

import contextvars
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, replace

from gateway import detection
from gateway.backend import Backend, Translation, TranslationRequest
from gateway.counters import Counters, LocalCounters
from gateway.detection import Guess
from gateway.errors import BackendError, bad_request
from gateway.glossary_place import open_store
from gateway.keys import Keyring
from gateway.languages import name_of
from gateway.legs import Legs, Routes
from gateway.limits import Limits
from gateway.settings import Settings
from gateway.text import billed_characters
from gateway.warmth import Warmth, busy

AUTO = "auto"
_THREADS = 64


@dataclass(frozen=True)
class Outcome:
    """Results in the order of the texts; `guesses` only where detection was asked for."""

    translations: list[Translation]
    sources: list[str]
    guesses: list[Guess | None]
    legs: list[Legs]
    characters: int


class Service:
    def __init__(self, backend: Backend, settings: Settings, counters: Counters | None = None):
        self.settings = settings
        self.keyring = Keyring(settings.api_keys)
        self.limits = Limits(settings, counters or LocalCounters())
        self.glossaries = open_store(settings.glossaries)
        self._backend = backend
        self._warmth = Warmth(backend, settings.warm_seconds)
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="translate")

    @property
    def routes(self) -> Routes:
        backend = self._backend
        return Routes(backend.pairs, self.settings.pivot, backend.demonstrations)

    def detect(self, text: str) -> list[Guess]:
        return detection.detect(text, self.routes.languages)

    def translate(
        self, client: str, wanted: TranslationRequest, maximum: int | None = None
    ) -> Outcome:
        """Translates `wanted.texts`; its source may be `auto`, its codes are public ones.

        Checks size (`maximum` texts), route and quota before anything is sent; gives the quota
        back when the backend fails. Raises GatewayError.
        """
        deadline = time.monotonic() + self.settings.deadline_seconds
        self.limits.check_size(wanted.texts, maximum)
        routes = self.routes
        guesses, sources = self._sources(wanted)
        legs = {source: self._legs(routes, source, wanted) for source in set(sources)}
        markup = wanted.format != "text"
        characters = sum(billed_characters(text, markup) for text in wanted.texts)
        give_back = self.limits.charge(client, characters)
        try:
            translations = self._translate_groups(wanted, sources, legs, deadline)
        except BaseException:
            give_back()
            raise
        used = [way for way in legs.values() if way]
        return Outcome(translations, sources, guesses, used, characters)

    def translate_unbilled(self, wanted: TranslationRequest) -> list[Translation]:
        """Part of a file whose characters are charged, and whose source is known."""
        deadline = time.monotonic() + self.settings.deadline_seconds
        legs = {wanted.source: self._legs(self.routes, wanted.source, wanted)}
        return self._translate_groups(wanted, [wanted.source] * len(wanted.texts), legs, deadline)

    def _sources(self, wanted: TranslationRequest) -> tuple[list[Guess | None], list[str]]:
        """Per text, the guess (None without detection) and the source; no guess: the target."""
        if wanted.source != AUTO:
            return [None] * len(wanted.texts), [wanted.source] * len(wanted.texts)
        guesses = [detection.pick(self.detect(text), wanted.target) for text in wanted.texts]
        return guesses, [guess.language if guess else wanted.target for guess in guesses]

    def _legs(self, routes: Routes, source: str, wanted: TranslationRequest) -> Legs:
        target = wanted.target
        legs = routes.legs(source, target)
        if legs is None:
            raise bad_request(
                f"{name_of(target)} ({target}) is not available as a target language "
                f"from {name_of(source)} ({source})",
                "unknown_pair",
            )
        if wanted.terms and len(legs) > 1:
            raise bad_request(
                f"A glossary cannot be used from {name_of(source)} to {name_of(target)}, "
                "which goes through a third language."
            )
        return legs

    def _translate_groups(
        self,
        wanted: TranslationRequest,
        sources: Sequence[str],
        legs: dict[str, Legs],
        deadline: float,
    ) -> list[Translation]:
        places = {s: [i for i, source in enumerate(sources) if source == s] for s in legs}
        running = {
            source: self._submit(replace(wanted, texts=texts), way, deadline)
            for source, way in legs.items()
            if (texts := tuple(wanted.texts[i] for i in places[source])) and way
        }
        results = [Translation(text) for text in wanted.texts]
        for source, future in running.items():
            for place, translation in zip(places[source], _in_time(future, deadline), strict=True):
                results[place] = translation
        return results

    def _submit(
        self, wanted: TranslationRequest, legs: Legs, deadline: float
    ) -> Future[list[Translation]]:
        """In a thread that knows the caller's context: a local server keeps there who has left."""
        context = contextvars.copy_context()
        try:
            return self._pool.submit(context.run, self._walk, wanted, legs, deadline)
        except RuntimeError as error:  # the machine gives no further thread
            raise busy() from error

    def _walk(self, wanted: TranslationRequest, legs: Legs, deadline: float) -> list[Translation]:
        """One leg after the other; only the last one offers alternatives."""
        self._warmth.wait(legs, min(self.settings.hold_seconds, _left(deadline)))
        texts, translations = wanted.texts, list[Translation]()
        for number, (source, target) in enumerate(legs, 1):
            alternatives = wanted.alternatives if number == len(legs) else 0
            found = self._backend.translate(
                replace(
                    wanted, texts=texts, source=source, target=target, alternatives=alternatives
                )
            )
            translations = _joined(translations, found) if translations else found
            self._warmth.note((source, target))
            texts = tuple(translation.text for translation in translations)
        return translations


def _joined(earlier: list[Translation], found: list[Translation]) -> list[Translation]:
    """`found`, with what the leg before it says of the same texts.

    What was lost on the way to the pivot is not found again after it, and a translation is
    usable only where that of both legs is: two models fail apart, so their confidences are
    multiplied. Where one of them is unknown, the whole is.
    """
    return [
        replace(
            two,
            warnings=tuple(dict.fromkeys((*one.warnings, *two.warnings))),
            confidence=_both(one.confidence, two.confidence),
        )
        for one, two in zip(earlier, found, strict=True)
    ]


def _both(one: float | None, two: float | None) -> float | None:
    return None if one is None or two is None else round(one * two, 3)


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())


def _in_time(future: Future[list[Translation]], deadline: float) -> list[Translation]:
    try:
        return future.result(_left(deadline))
    except TooLate:
        raise BackendError(
            504, "timeout", "The translation took too long. Send a shorter text.", 5
        ) from None
