"""The pieces of a file in requests: many small ones together, a large one by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from file_formats.pieces import Piece

MAX_PIECES = 50
MAX_CHARACTERS = 8192


@dataclass(frozen=True)
class Chunk:
    """``pieces[i] for i in places``, all of one format."""

    places: tuple[int, ...]
    texts: tuple[str, ...]
    format: str


def chunks(
    pieces: Sequence[Piece], most: int = MAX_PIECES, characters: int = MAX_CHARACTERS
) -> Iterator[Chunk]:
    """Of at most so many pieces and characters, or of one piece; the same for the same file."""
    open_: dict[str, list[int]] = {}
    sizes: dict[str, int] = {}
    for place, piece in enumerate(pieces):
        own = open_.setdefault(piece.format, [])
        size = sizes.get(piece.format, 0) + len(piece.text)
        if own and (len(own) >= most or size > characters):
            yield _chunk(pieces, own, piece.format)
            own.clear()
            size = len(piece.text)
        own.append(place)
        sizes[piece.format] = size
    for kind, own in open_.items():
        if own:
            yield _chunk(pieces, own, kind)


def _chunk(pieces: Sequence[Piece], places: Sequence[int], kind: str) -> Chunk:
    return Chunk(tuple(places), tuple(pieces[place].text for place in places), kind)
