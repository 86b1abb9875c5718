"""XML of any kind: an element with text of its own is a piece, with all that is in it."""

from collections.abc import Iterator

from file_formats.pieces import Patch, Piece, has_letters, one_piece
from file_formats.run_markup import Markup
from file_formats.xml_tokens import Token, read_xml

_LONGEST = 20_000  # bytes of an element's content; longer ones are taken by their parts


def xml_patches(data: bytes) -> Iterator[Patch]:
    """``translate="no"``, comments, CDATA sections and entities of its own stay."""
    return _Walk(data).patches()


class _Open:
    """An element that has begun."""

    def __init__(self, token: Token, keeps: bool) -> None:
        self.start = token.end
        self.keeps = keeps
        self.has_text = False
        self.parts: list[Patch] = []
        """What is to be translated in it, if it is not translated as a whole."""


class _Walk:
    def __init__(self, data: bytes) -> None:
        self._markup = Markup(data)
        self._open: list[_Open] = []

    def patches(self) -> Iterator[Patch]:
        for token in read_xml(self._markup.data, may_declare=True):
            if token.kind == "start":
                outer = bool(self._open) and self._open[-1].keeps
                self._open.append(_Open(token, outer or token.attributes.get("translate") == "no"))
            elif token.kind == "end":
                yield from self._close(token)
            elif token.kind == "text" and self._open:
                self._text(token)

    def _text(self, token: Token) -> None:
        element = self._open[-1]
        if element.keeps or token.text.isspace():
            return
        element.has_text = True
        if has_letters(token.text):
            raw = self._markup.slice(token.start, token.end)
            element.parts.append(one_piece(token.start, token.end, Piece(raw, "xml")))

    def _close(self, token: Token) -> Iterator[Patch]:
        element = self._open.pop()
        parts = element.parts
        if element.has_text and parts and token.start - element.start <= _LONGEST:
            raw = self._markup.slice(element.start, token.start)
            parts = [one_piece(element.start, token.start, Piece(raw, "xml"))]
        if self._open:
            self._open[-1].parts += parts
        else:
            yield from parts
