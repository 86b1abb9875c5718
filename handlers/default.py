"""The default handler: CTranslate2 on CPU with SentencePiece, for any pair."""

import os
from collections import defaultdict
from collections.abc import Sequence

import ctranslate2

from handlers import ModelError, ModelFolder, Options, Register, Segment, Translation, hookimpl
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
        self._translator = _load(self._layout.model.as_posix())

    @property
    def max_tokens(self) -> int:
        return self._decoding.max_tokens

    def before(self, text: str) -> str:
        """Changes a segment before it is tokenised."""
        return text

    def after(self, text: str) -> str:
        """Changes a translation before it is returned."""
        return text

    def tokenize(self, texts: Sequence[str]) -> list[list[str]]:
        return self._pieces.encode([self.before(text) for text in texts])

    def translate(self, segments: Sequence[str], options: Options) -> list[Translation]:
        tokens = self._tokens(segments)
        groups = defaultdict(list)
        for index, own in enumerate(tokens):
            groups[output_cap(len(own))].append(index)
        # All groups at once: the engine's translators take them side by side.
        pending = {
            index: result
            for cap, indices in groups.items()
            for index, result in zip(
                indices, self._submit([tokens[i] for i in indices], cap, options), strict=True
            )
        }
        results = [pending[index].result() for index in range(len(segments))]
        caps = [output_cap(len(own)) for own in tokens]
        return [self._translation(*pair) for pair in zip(results, caps, strict=True)]

    def _tokens(self, segments: Sequence[str]) -> list[list[str]]:
        """Those the segments remember, made now where one has none."""
        known = [s.tokens if isinstance(s, Segment) else [] for s in segments]
        missing = [index for index, tokens in enumerate(known) if not tokens]
        for index, tokens in zip(
            missing, self.tokenize([segments[i] for i in missing]), strict=True
        ):
            known[index] = tokens
        return known

    def _submit(
        self, tokens: list[list[str]], cap: int, options: Options
    ) -> list[ctranslate2.AsyncTranslationResult]:
        layout = self._layout
        prefix = layout.target_prefix
        results: list[ctranslate2.AsyncTranslationResult] = self._translator.translate_batch(
            [layout.source_prefix + own + layout.source_suffix for own in tokens],
            target_prefix=[prefix] * len(tokens) if prefix else None,
            max_batch_size=1024,
            batch_type="tokens",
            asynchronous=True,
            max_decoding_length=cap + len(prefix),
            **self._decoding.arguments(options),
        )
        return results

    def _translation(self, result: ctranslate2.TranslationResult, cap: int) -> Translation:
        skip = len(self._layout.target_prefix)
        hypotheses = [tokens[skip:] for tokens in result.hypotheses]
        best, *others = [self.after(text) for text in self._pieces.decode(hypotheses)]
        truncated = len(hypotheses[0]) >= cap
        return Translation(
            text=best,
            alternatives=tuple(other for other in dict.fromkeys(others) if other != best),
            score=result.scores[0],
            warnings=("output_truncated",) if truncated else (),
        )


def _load(path: str) -> ctranslate2.Translator:
    cpus = len(os.sched_getaffinity(0))
    try:
        return ctranslate2.Translator(path, inter_threads=cpus, intra_threads=1)
    except (RuntimeError, ValueError, LookupError) as error:
        raise ModelError(
            f"{path} is not a model that CTranslate2 {ctranslate2.__version__} can load "
            f"({error}). Convert or copy it again."
        ) from error
