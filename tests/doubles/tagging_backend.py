"""A backend without a model: shows in each translation where the text went."""

import time
from dataclasses import dataclass, field

from gateway.backend import Term, Translation, TranslationRequest
from gateway.errors import BackendError


@dataclass
class TaggingBackend:
    """`Hello` for `de` comes back as `<de>Hello`, an empty text as it is."""

    pairs: list[tuple[str, str]] = field(default_factory=lambda: [("en", "de"), ("de", "en")])
    demonstrations: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0  # that each call takes
    errors: list[BackendError] = field(default_factory=list)  # raised first, one a call
    requests: list[TranslationRequest] = field(default_factory=list)

    def translate(self, request: TranslationRequest) -> list[Translation]:
        self.requests.append(request)
        time.sleep(self.seconds)
        if self.errors:
            raise self.errors.pop(0)
        return [self._one(text, request) for text in request.texts]

    @property
    def asked(self) -> list[TranslationRequest]:
        """The requests that had something to translate: no wake-up calls."""
        return [request for request in self.requests if any(request.texts)]

    def _one(self, text: str, request: TranslationRequest) -> Translation:
        tagged = f"<{request.target}>{text}" if text else text
        others = tuple(f"{tagged} {n}" for n in range(request.alternatives))
        terms = tuple(Term(*each, "found") for each in request.terms.items())
        return Translation(tagged, others[:1] + others, terms=terms)
