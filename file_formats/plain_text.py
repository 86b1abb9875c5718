"""Plain text: paragraphs are pieces, and the parts of one that is too long."""

from collections.abc import Iterator

from file_formats.pieces import Patch, Piece, has_letters, one_piece

_LONGEST = 4000  # characters of a piece
_ENDS = (". ", "! ", "? ", "。", "！", "？")


def text_patches(text: str) -> Iterator[Patch]:
    for start, end in _paragraphs(text):
        for first, last in cut(text, start, end):
            if has_letters(text[first:last]):
                yield one_piece(first, last, Piece(text[first:last]))


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Lines up to a blank one, without the last line's end."""
    start = end = at = 0
    for line in text.splitlines(keepends=True) or [""]:
        size = len(line.rstrip("\r\n"))
        is_blank = not line.strip()
        if is_blank or at + size - start > _LONGEST:
            if start < end:
                yield start, end
            start = at + len(line) if is_blank else at
        at += len(line)
        end = start if is_blank else at - len(line) + size
    if start < end:
        yield start, end


def cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Ranges of at most `_LONGEST` characters: at a sentence's end, else between words."""
    while end - start > _LONGEST:
        limit = start + _LONGEST
        ends = (found + len(e) for e in _ENDS if (found := text.rfind(e, start, limit)) >= 0)
        at = max(ends, default=text.rfind(" ", start, limit) + 1) or limit
        yield start, max(at, start + 1)
        start = max(at, start + 1)
    yield start, end
