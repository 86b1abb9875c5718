"""One translation request and its answer, whatever form they came in."""

from dataclasses import dataclass

from handlers import Translation


@dataclass(frozen=True)
class Request:
    """What the caller asks for; every text a ``str`` without lone surrogates."""

    texts: tuple[str, ...]
    source: str | None = None
    """None: the only pair served."""
    target: str | None = None
    format: str = "text"
    alternatives: int = 0
    keep: tuple[str, ...] = ()
    """Terms that are not translated."""
    ignore_tags: tuple[str, ...] = ()
    split: str = "sentences"
    beam_size: int | None = None
    recase: bool = True
    """Whether text in capitals is translated as a sentence."""


@dataclass(frozen=True)
class Answer:
    """Translations in the order of the request's texts, and what they took."""

    translations: list[Translation]
    pair: str
    name: str
    version: str
    characters: int
    segments: int
    tokens: int
    cached: int
    """Segments that were in the cache, or more than once in the request."""
    milliseconds: dict[str, float]
    """By phase: ``text`` for the pipeline, ``translate`` for the model and its queue."""

    @property
    def warnings(self) -> int:
        return sum(len(translation.warnings) for translation in self.translations)
