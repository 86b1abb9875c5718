"""What a file has to be translated, and where the translations go."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that is translated by itself; ``format`` is ``text``, ``html`` or ``xml``."""

    text: str
    format: str = "text"


@dataclass(frozen=True, slots=True)
class Patch:
    """``content[start:end]`` holds ``pieces``; ``render`` writes it with their translations."""

    start: int
    end: int
    pieces: tuple[Piece, ...]
    render: Callable[[Sequence[str]], str]
    adds: bool = False
    """Whether something is written that was not there, even if the translation is the source."""


def has_letters(text: str) -> bool:
    """Whether there is anything to translate in it."""
    return any(map(str.isalpha, text))


def one_piece(
    start: int, end: int, piece: Piece, render: Callable[[str], str] = str, adds: bool = False
) -> Patch:
    return Patch(start, end, (piece,), lambda translations: render(translations[0]), adds)


def patch_text(content: str, patches: Sequence[Patch], translations: Iterator[str]) -> str:
    """The content with all patches in place; where nothing is changed, as it was."""
    return "".join(_parts(content, patches, translations, str))


def patch_bytes(content: bytes, patches: Sequence[Patch], translations: Iterator[str]) -> bytes:
    """As `patch_text`, of UTF-8."""
    return b"".join(_parts(content, patches, translations, _encode))


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _parts(
    content: str | bytes,
    patches: Sequence[Patch],
    translations: Iterator[str],
    written: Callable[[str], str | bytes],
) -> Iterator[Any]:
    """Of str for str, of bytes for bytes."""
    at = 0
    for patch in patches:
        new = list(islice(translations, len(patch.pieces)))
        if patch.adds or new != [piece.text for piece in patch.pieces]:
            yield content[at : patch.start]
            yield written(patch.render(new))
            at = patch.end
    yield content[at:]
