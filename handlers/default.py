"""The default handler: CTranslate2 on CPU with SentencePiece, for any pair."""

from collections import defaultdict
from collections.abc import Sequence

import ctranslate2

from handlers import ModelError, ModelFolder, Options, Register, Segment, Translation, hookimpl
from handlers.engine.budget import Budget
from handlers.engine.decoding import Decoding, output_cap
from handlers.engine.layout import find_layout
from handlers.engine.pieces import Pieces


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
        self._budget = Budget.from_environment()
        self._engine = _load(self._layout.model.as_posix(), self._budget)

    @property
    def max_tokens(self) -> int:
        return self._decoding.max_tokens

    @property
    def engine(self) -> str:
        """For the start line."""
        engine, budget = self._engine, self._budget
        return f"{engine.num_translators} x {budget.threads} threads, {engine.compute_type}"

    def before(self, text: str) -> str:
        """Changes a segment before it is tokenised."""
        return text

    def after(self, text: str) -> str:
        """Changes a translation before it is returned."""
        return text

    def tokenize(self, texts: Sequence[str]) -> list[list[str]]:
        return self._pieces.encode([self.before(text) for text in texts])

    def batch_key(self, segment: Segment) -> int:
        """Segments that translate the same alone as together.

        Padding changes the last bits of the engine's sums, and with them now and then
        a word (2 or 3 of 2000 sentences): so only equal lengths share a batch.
        """
        tokens = len(segment.tokens)
        return output_cap(tokens) if self._budget.mixed_lengths else tokens

    def translate(self, segments: Sequence[str], options: Options) -> list[Translation]:
        known = self._with_tokens(segments)
        groups: dict[int, list[int]] = defaultdict(list)
        for index, segment in enumerate(known):
            groups[self.batch_key(segment)].append(index)
        found: dict[int, Translation] = {}
        for indices in groups.values():
            tokens = [known[index].tokens for index in indices]
            found |= zip(indices, self._translate(tokens, options), strict=True)
        return [found[index] for index in range(len(known))]

    def _with_tokens(self, segments: Sequence[str]) -> list[Segment]:
        """Those they remember, made now where they have none."""
        known = [s if isinstance(s, Segment) and s.tokens else None for s in segments]
        missing = [segment for segment, own in zip(segments, known, strict=True) if own is None]
        made = map(Segment, missing, self.tokenize(missing))
        return [own or next(made) for own in known]

    def _translate(self, tokens: list[list[str]], options: Options) -> list[Translation]:
        """``tokens`` of equal cap."""
        layout = self._layout
        prefix = layout.target_prefix
        cap = output_cap(len(tokens[0]))
        results = self._engine.translate_batch(
            [layout.source_prefix + own + layout.source_suffix for own in tokens],
            target_prefix=[prefix] * len(tokens) if prefix else None,
            max_batch_size=1024,
            batch_type="tokens",
            max_decoding_length=cap + len(prefix),
            **self._decoding.arguments(options),
        )
        hypotheses = [[own[len(prefix) :] for own in result.hypotheses] for result in results]
        texts = iter(self._pieces.decode([own for group in hypotheses for own in group]))
        return [
            self._translation([next(texts) for _ in group], result.scores[0], len(group[0]) >= cap)
            for group, result in zip(hypotheses, results, strict=True)
        ]

    def _translation(self, texts: list[str], score: float, truncated: bool) -> Translation:
        best, *others = map(self.after, texts)
        return Translation(
            text=best,
            alternatives=tuple(other for other in dict.fromkeys(others) if other != best),
            score=score,
            warnings=("output_truncated",) if truncated else (),
        )


def _load(path: str, budget: Budget) -> ctranslate2.Translator:
    try:
        return ctranslate2.Translator(path, **budget.arguments())
    except (RuntimeError, ValueError, LookupError) as error:
        raise ModelError(
            f"{path} is not a model that CTranslate2 {ctranslate2.__version__} can load "
            f"({error}). Convert or copy it again."
        ) from error
