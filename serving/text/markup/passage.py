"""A passage: text with the inline tags in it, between two block tags.

To the sentence pipeline it is a `Source` like any other. What must not be
written as text is written as a code in private-use characters, so that the
pipeline can work with plain strings; `Passage.write` turns codes into markup.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from serving.text.divide.source import Source
from serving.text.markup.entities import unescape
from serving.text.markup.kept_tags import Tag, keep_tags
from serving.text.markup.tokens import Token
from serving.text.protect.rules import protected_spans
from serving.text.protect.spans import Find, Span
from serving.text.protect.terms import find_nothing

OPEN, _CLOSE = "\ue000", "\ue001"
"""Around each code; `OPEN` alone is how a code is told from text."""
_CODES = re.compile(f"[{OPEN}{_CLOSE}]+")
_CODE = re.compile(f"{OPEN}([^{OPEN}{_CLOSE}]*){_CLOSE}")
_STOOD_IN = "<>"
_ATOM = re.compile(r"&#?\w+;?|[ \t\r\n\f]+|.", re.DOTALL | re.ASCII)
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass
class Passage:
    """``text`` as read, and what each character of it was written as."""

    text: list[str] = field(default_factory=list)
    written: list[str | list[int]] = field(default_factory=list)
    """A string, or the tokens of an element that stays as it is."""
    tags: list[Tag] = field(default_factory=list)
    """The tags of its sentences; those kept with a protected string are in ``kept``."""
    kept: dict[int, list[int]] = field(default_factory=dict)
    """Before ``text[at]`` the tags in, or at an edge of, a protected string; by ``at``."""
    chunks: list[Span] = field(default_factory=list)
    find_terms: Find = find_nothing
    entities: dict[str, list[str]] = field(default_factory=dict)
    """The entities as which a character was written, by the character."""

    def add_text(self, raw: str) -> None:
        """Add text as it is written; white space is one space, as in a browser."""
        for match in _ATOM.finditer(raw):
            atom = match[0]
            said = " " if atom.isspace() and atom.isascii() else unescape(atom) or " "
            self.text += said
            self.written += [atom, *[""] * (len(said) - 1)]
            if atom != said and atom[0] == "&":
                self.entities.setdefault(said, []).append(atom)

    def add_chunk(self, tokens: list[int], kind: str) -> None:
        start = len(self.text)
        self.chunks.append(Span(start, start + len(_STOOD_IN), kind))
        self.text += _STOOD_IN
        self.written += [tokens, ""]

    def add_tag(self, index: int) -> None:
        self.tags.append(Tag(len(self.text), index))

    def source(self, partner: Mapping[int, int]) -> Source:
        """The passage as a source; moves tags of protected strings from ``tags`` to ``kept``."""
        text = "".join(self.text)
        codes = (Span(*match.span(), "apart") for match in _CODES.finditer(text))
        extra = [*self.chunks, *codes]
        found = protected_spans(text, self.find_terms, extra)
        spans, kept = keep_tags(found, self.tags, partner)
        for tag in kept:
            self.kept.setdefault(tag.at, []).append(tag.index)
        indices = {tag.index for tag in kept}
        self.tags = [tag for tag in self.tags if tag.index not in indices]
        return Source(text, spans, _range_code, _without_codes)

    def write(self, coded: str, tokens: Sequence[Token], tags: Mapping[int, str]) -> str:
        """Markup of a coded translation; ``tags``: those whose attributes were translated."""
        parts = _CODE.split(coded)
        table = str.maketrans(_MARKUP | self._as_written())
        parts[::2] = [part.translate(table) for part in parts[::2]]
        parts[1::2] = ["".join(self._decode(code, tokens, tags)) for code in parts[1::2]]
        return "".join(parts)

    def _as_written(self) -> dict[str, str]:
        """The entities of characters that are always written as the same one."""
        if not self.entities:
            return {}
        counts = Counter(self.text)
        return {
            said: atoms[0]
            for said, atoms in self.entities.items()
            if len(said) == 1 and not (said.isascii() and said.isalnum())
            if atoms[0].endswith(";") and counts[said] == len(atoms) == atoms.count(atoms[0])
        }

    def _decode(self, code: str, tokens: Sequence[Token], tags: Mapping[int, str]) -> Iterator[str]:
        first, _, last = code.partition(":")
        if not last:
            yield tags.get(int(first), tokens[int(first)].raw)
            return
        yield from self._written(int(first), int(last), tokens, tags)

    def _written(
        self, first: int, last: int, tokens: Sequence[Token], tags: Mapping[int, str]
    ) -> Iterator[str]:
        for at in range(first, last + 1):
            # At the edges only what opens or closes in the range, not what does beside it.
            edge = {first: "start", last: "end"}.get(at)
            kept = [i for i in self.kept.get(at, ()) if edge in (None, tokens[i].kind)]
            written = self.written[at] if at < last else ""
            yield from (tags.get(index, tokens[index].raw) for index in kept)
            if isinstance(written, str):
                yield written
            else:
                yield from (tags.get(index, tokens[index].raw) for index in written)


def tag_code(index: int) -> str:
    return f"{OPEN}{index}{_CLOSE}"


def _range_code(start: int, end: int) -> str:
    return f"{OPEN}{start}:{end}{_CLOSE}" if start < end else ""


def _without_codes(translated: str) -> str:
    return _CODES.sub("", translated)
