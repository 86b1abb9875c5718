"""A text taken apart into what goes to the model and what stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import Segment, Translation
from serving.text.chunks import Tokenize, cut
from serving.text.margins import has_words, split_margins
from serving.text.sentences import split_sentences


@dataclass(frozen=True)
class Document:
    """``parts`` joined are the text; those at ``slots`` are for the model."""

    parts: list[str]
    slots: list[int]

    @property
    def segments(self) -> list[Segment]:
        return [part for part in self.parts if isinstance(part, Segment)]

    def join(self, translations: Sequence[Translation]) -> Translation:
        """The text with each segment's translation in its place."""
        parts = self.parts.copy()
        for slot, translation in zip(self.slots, translations, strict=True):
            parts[slot] = translation.text
        return Translation(
            text="".join(parts),
            alternatives=self._alternatives(translations),
            score=self._score(translations),
            warnings=tuple(dict.fromkeys(w for t in translations for w in t.warnings)),
        )

    def _alternatives(self, translations: Sequence[Translation]) -> tuple[str, ...]:
        """The k-th of the text is made of the k-th of its segments, where they have one."""
        count = max((len(t.alternatives) for t in translations), default=0)
        found = []
        for k in range(count):
            parts = self.parts.copy()
            for slot, t in zip(self.slots, translations, strict=True):
                parts[slot] = t.alternatives[k] if k < len(t.alternatives) else t.text
            found.append("".join(parts))
        return tuple(dict.fromkeys(found))

    def _score(self, translations: Sequence[Translation]) -> float | None:
        """Mean of the segments', weighted by their tokens; None if one has none."""
        weights = [len(segment.tokens) or 1 for segment in self.segments]
        scores = [t.score for t in translations if t.score is not None]
        if not scores or len(scores) < len(translations):
            return None
        return sum(s * w for s, w in zip(scores, weights, strict=True)) / sum(weights)


def take_apart(
    text: str, language: str, split: str, tokenize: Tokenize, max_tokens: int | None
) -> Document:
    """``max_tokens``: the longest segment; None for no limit."""
    parts = [
        part
        for sentence in split_sentences(text, language, split)
        for part in split_margins(sentence)
        if part
    ]
    wordy = [index for index, part in enumerate(parts) if has_words(part)]
    tokens = dict(zip(wordy, tokenize([parts[index] for index in wordy]), strict=True))
    pieces = [
        piece
        for index, part in enumerate(parts)
        for piece in _pieces(part, tokens.get(index, []), tokenize, max_tokens)
    ]
    slots = [slot for slot, piece in enumerate(pieces) if isinstance(piece, Segment)]
    return Document(pieces, slots)


def _pieces(part: str, tokens: list[str], tokenize: Tokenize, max_tokens: int | None) -> list[str]:
    """The part itself if it has no tokens, else its segments and what is between them."""
    if not tokens:
        return [part]
    if max_tokens is None or len(tokens) <= max_tokens:
        return [Segment(part, tokens)]
    cores = [split_margins(chunk) for chunk in cut(part, tokenize, max_tokens)]
    return [piece for margins in cores for piece in _segment(*margins, tokenize) if piece]


def _segment(leading: str, core: str, trailing: str, tokenize: Tokenize) -> list[str]:
    tokens = tokenize([core])[0] if has_words(core) else []
    return [leading, Segment(core, tokens) if tokens else core, trailing]
