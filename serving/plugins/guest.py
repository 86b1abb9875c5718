"""A handler as a guest: whatever it raises or returns spoils its own request and nothing else."""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import fields
from math import isfinite
from typing import Any, NoReturn

from handlers import AlignedTranslation, Handler, Link, Options, Segment, Translation
from serving.errors import HandlerError

_CHARACTERS = 10_000
"""Characters that are remembered; more than a text in any language has."""
_OPTIONS = frozenset(field.name for field in fields(Options))


class Guest:
    """The handler's members, checked. Hashable, whatever the handler is.

    Each raises `HandlerError` for a result that breaks the contract of
    `handlers.contract.shape`, and in place of what is no `Exception`: ``SystemExit``,
    ``KeyboardInterrupt`` or a panic of native code would otherwise end a thread.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.name = type(handler).__name__
        self.max_tokens = self._max_tokens(getattr(handler, "max_tokens", None))
        self._heeded = self._options(getattr(handler, "options", _OPTIONS))
        self.masks = self._masks(getattr(handler, "masks", ()))
        self.engine = str(getattr(handler, "engine", ""))
        self._tokenize: Callable[..., Any] = getattr(handler, "tokenize", characters)
        self._knows: Callable[..., Any] | None = getattr(handler, "knows", None)
        self._known: dict[str, bool] = {}
        self._batch_key: Callable[..., Any] | None = getattr(handler, "batch_key", None)
        self._close: Callable[[], Any] | None = getattr(handler, "close", None)

    def translate(self, segments: Sequence[str], options: Options) -> list[Translation]:
        """As many translations as segments."""
        found = self._call(self._handler.translate, segments, options)
        if not isinstance(found, Sequence) or isinstance(found, str):
            self._refuse("translate", _kind(found), "a sequence of Translation")
        translations = list(found)
        if len(translations) != len(segments):
            self._refuse(
                "translate", f"{len(translations)} translations for {len(segments)} segments"
            )
        for translation in translations:
            if fault := _fault(translation):
                self._refuse("translate", *fault)
        return translations

    def tokenize(self, texts: Sequence[str]) -> list[list[str]]:
        """A list of tokens for each text; its characters where the handler has no tokeniser."""
        found = self._call(self._tokenize, texts)
        if type(found) is not list or not all(isinstance(tokens, list) for tokens in found):
            self._refuse("tokenize", _kind(found), "a list with a list of tokens for each text")
        if len(found) != len(texts):
            self._refuse("tokenize", f"{len(found)} lists for {len(texts)} texts")
        return found

    def heeded(self, options: Options) -> Options:
        """``options`` with its default in the place of each that the handler does not heed."""
        if self._heeded == _OPTIONS:
            return options
        return Options(**{name: getattr(options, name) for name in self._heeded})

    def knows(self, character: str) -> bool:
        """Whether the model's vocabulary has it; True where the handler does not say."""
        if self._knows is None:
            return True
        if (known := self._known.get(character)) is None:
            known = bool(self._call(self._knows, character))
            if len(self._known) < _CHARACTERS:
                self._known[character] = known
        return known

    def batch_key(self, segment: Segment) -> Hashable:
        """None for every segment where the handler has no opinion."""
        if self._batch_key is None:
            return None
        key: Hashable = self._call(self._batch_key, segment)
        try:
            hash(key)
        except TypeError:
            self._refuse("batch_key", _kind(key), "something hashable")
        return key

    @property
    def closes(self) -> bool:
        """Whether the handler wants to hear of the server's end."""
        return self._close is not None

    def close(self) -> None:
        """To be called once. Raises what the handler raises."""
        if self._close is not None:
            self._call(self._close)

    def _call(self, member: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return member(*arguments)
        except Exception:
            raise
        except BaseException as error:
            sentence = f"{self.name}.{member.__name__} raised {type(error).__name__}."
            raise HandlerError(sentence).with_traceback(error.__traceback__) from None

    def _refuse(self, member: str, found: str, wanted: str = "") -> NoReturn:
        but = f", but must return {wanted}" if wanted else ""
        raise HandlerError(f"{self.name}.{member} returned {found}{but}.")

    def _options(self, value: Any) -> frozenset[str]:
        if (
            not isinstance(value, Collection)
            or isinstance(value, str)
            or not all(isinstance(name, str) and name in _OPTIONS for name in value)
        ):
            names = ", ".join(sorted(_OPTIONS))
            raise HandlerError(
                f"{self.name}.options is {value!r}, but must hold names of options: {names}."
            )
        return frozenset(value)

    def _masks(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, (tuple, list)) or not all(
            isinstance(mask, str) and mask.isalnum() and len(mask) < 20 for mask in value
        ):
            raise HandlerError(f"{self.name}.masks is {value!r}, but must be a list of words.")
        return tuple(value)

    def _max_tokens(self, value: Any) -> int | None:
        if value is not None and (type(value) is not int or value < 1):
            raise HandlerError(
                f"{self.name}.max_tokens is {value!r}, but must be a whole number of at least 1."
            )
        return value


def characters(texts: Sequence[str]) -> list[list[str]]:
    """Stands in for the ``tokenize`` that a handler may leave out."""
    return [list(text) for text in texts]


def _fault(translation: Any) -> tuple[str, str] | None:
    """What is found and what is wanted where a translation cannot be answered with."""
    if not isinstance(translation, Translation):
        return _kind(translation), "a sequence of Translation"
    if not all(map(_is_text, _texts(translation))):
        return "a Translation with what is no text", "text, alternatives and warnings in Unicode"
    score = translation.score
    if score is not None and not (isinstance(score, (int, float)) and isfinite(score)):
        return f"a Translation with a score of {_kind(score)}", "a finite number or None"
    if isinstance(translation, AlignedTranslation) and not _are_links(translation.links):
        return "an AlignedTranslation with what is no link", "a tuple of Link"
    return None


def _texts(translation: Translation) -> Sequence[Any]:
    if translation.alternatives == () == translation.warnings:
        return (translation.text,)
    return translation.text, *_items(translation.alternatives), *_items(translation.warnings)


def _are_links(value: Any) -> bool:
    return isinstance(value, tuple) and all(
        isinstance(each, Link) and all(type(offset) is int for offset in each) for each in value
    )


def _items(value: Any) -> Sequence[Any]:
    """Of a tuple or list; anything else stands for itself, and is no text."""
    return value if isinstance(value, (tuple, list)) else (None,)


def _is_text(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return value.isascii() or value.encode() is not None
    except UnicodeEncodeError:  # half a surrogate pair
        return False


def _kind(value: Any) -> str:
    return "None" if value is None else f"a {type(value).__name__}"
