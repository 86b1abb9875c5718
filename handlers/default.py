"""The default handler: CTranslate2 on CPU with SentencePiece, for any pair."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from handlers import (
    AlignedTranslation,
    ModelError,
    ModelFolder,
    Options,
    Register,
    Segment,
    Translation,
    hookimpl,
)
from handlers.engine.alignment import link
from handlers.engine.budget import Budget
from handlers.engine.decoding import Decoding, output_cap, padded_length
from handlers.engine.layout import find_layout
from handlers.engine.library import ctranslate2
from handlers.engine.pieces import Pieces

_MAX_TOKENS = 1024
"""Of one call of the engine, however many segments are asked for."""


@hookimpl
def register_handlers(register: Register) -> None:
    register("*", "*", DefaultHandler)


class DefaultHandler:
    """Serves a folder in any of the layouts of `handlers.engine.layout`.

    Subclass it with `before` and `after` for normalisation that one pair needs.
    """

    def __init__(self, folder: ModelFolder) -> None:
        self._layout = find_layout(folder)
        self._decoding = Decoding.of(folder)
        self._pieces = Pieces(self._layout.source_pieces, self._layout.target_pieces)
        self.masks: list[str] = folder.manifest.get("masks", [])
        self._budget = Budget.from_environment()
        self._engine = _load(self._layout.model.as_posix(), self._budget)

    @property
    def max_tokens(self) -> int:
        return self._decoding.max_tokens

    @property
    def engine(self) -> str:
        """For the start line."""
        engine, budget = self._engine, self._budget
        said = f"{engine.num_translators} x {budget.threads} threads, {engine.compute_type}"
        return f"{said}, vocabulary map" if self._layout.has_map else said

    def before(self, text: str) -> str:
        """Changes a segment before it is tokenised."""
        return text

    def after(self, text: str) -> str:
        """Changes a translation before it is returned."""
        return text

    def tokenize(self, texts: Sequence[str]) -> list[list[str]]:
        return self._pieces.encode([self.before(text) for text in texts])

    def knows(self, character: str) -> bool:
        return self._pieces.knows(self.before(character))

    def batch_key(self, segment: Segment) -> int:
        """The length to which it is padded: the same alone as among others.

        Padding changes the last bits of the engine's sums, and with them now and then
        a word (2 or 3 of 2000 sentences): so it must not depend on the batch. With a
        vocabulary map each is computed alone, and any may share a batch.
        """
        return 0 if self._layout.has_map else padded_length(len(segment.tokens))

    def translate(self, segments: Sequence[str], options: Options) -> list[Translation]:
        known = self._with_tokens(segments)
        groups: dict[int, list[int]] = defaultdict(list)
        for index, segment in enumerate(known):
            groups[padded_length(len(segment.tokens))].append(index)
        found: dict[int, Translation] = {}
        for length, indices in groups.items():
            for some in _up_to(self._together(length), indices):
                tokens = [known[index].tokens for index in some]
                found |= zip(some, self._translate(tokens, length, options), strict=True)
        return [found[index] for index in range(len(known))]

    def _together(self, length: int) -> int:
        """How many segments of ``length`` tokens go into one call of the engine.

        One where there is a vocabulary map: the engine would join what the map says of
        all, and a translation would depend on its neighbours. Alone it costs about what it
        does in a batch that computes every output.
        """
        return 1 if self._layout.has_map else max(1, _MAX_TOKENS // length)

    def _with_tokens(self, segments: Sequence[str]) -> list[Segment]:
        """Those they remember, made now where they have none."""
        known = [s if isinstance(s, Segment) and s.tokens else None for s in segments]
        missing = [segment for segment, own in zip(segments, known, strict=True) if own is None]
        made = map(Segment, missing, self.tokenize(missing))
        return [own or next(made) for own in known]

    def _translate(
        self, tokens: list[list[str]], length: int, options: Options
    ) -> list[Translation]:
        """``tokens`` of at most ``length`` each; padded to it by a row that is thrown away."""
        layout = self._layout
        prefix = layout.target_prefix
        cap = output_cap(length)
        needs_none = layout.has_map or any(len(own) == length for own in tokens)
        # Ends of sentence, which models translate to next to nothing.
        filler = [] if needs_none else [[layout.end] * length]
        rows = [layout.source_prefix + own + layout.source_suffix for own in (*tokens, *filler)]
        results = self._engine.translate_batch(
            rows,
            target_prefix=[prefix] * len(rows) if prefix else None,
            max_batch_size=0,  # as it is: the engine would divide it
            max_decoding_length=cap + len(prefix),
            use_vmap=layout.has_map,
            **self._decoding.arguments(options),
        )[: len(tokens)]
        hypotheses = [[own[len(prefix) :] for own in result.hypotheses] for result in results]
        texts = iter(self._pieces.decode([own for group in hypotheses for own in group]))
        found = [
            self._translation([next(texts) for _ in group], result.scores[0], len(group[0]) >= cap)
            for group, result in zip(hypotheses, results, strict=True)
        ]
        if not options.alignment:
            return found
        return [
            self._aligned(translation, own, group[0], result.attention[0])
            for translation, own, group, result in zip(
                found, tokens, hypotheses, results, strict=True
            )
        ]

    def _translation(self, texts: list[str], score: float, truncated: bool) -> Translation:
        best, *others = map(self.after, texts)
        return Translation(
            text=best,
            alternatives=tuple(other for other in dict.fromkeys(others) if other != best),
            score=score,
            warnings=("output_truncated",) if truncated else (),
        )

    def _aligned(
        self,
        translation: Translation,
        source: list[str],
        target: list[str],
        attention: Sequence[Sequence[float]],
    ) -> AlignedTranslation:
        first = len(self._layout.source_prefix)
        weights = [row[first : first + len(source)] for row in attention[-len(target) :]]
        links = link(source, target, weights, translation.text)
        return AlignedTranslation(
            translation.text,
            translation.alternatives,
            translation.score,
            translation.warnings,
            links=links,
        )


def _up_to(count: int, items: Sequence[int]) -> Iterator[Sequence[int]]:
    return (items[start : start + count] for start in range(0, len(items), count))


def _load(path: str, budget: Budget) -> Any:
    try:
        return ctranslate2.Translator(path, **budget.arguments())
    except (RuntimeError, ValueError, LookupError) as error:
        raise ModelError(
            f"{path} is not a model that CTranslate2 {ctranslate2.__version__} can load "
            f"({error}). Convert or copy it again."
        ) from error
