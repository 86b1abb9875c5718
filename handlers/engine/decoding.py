"""How to decode: the manifest's defaults, the caller's options, the length cap."""

from dataclasses import dataclass, fields
from typing import Any

from handlers.contract.translation import Options
from model_folder import ModelError, ModelFolder

_LENGTHS = 8
"""Tokens. Segments are padded to a multiple of it, and share batches and caps by it."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """The keys of a manifest's ``"decoding"``, with the meaning CTranslate2 gives them."""

    beam_size: int = 2
    length_penalty: float = 1.0
    coverage_penalty: float = 0.0
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    max_tokens: int = 128
    """The longest segment in tokens; longer sentences are split. Our own key."""

    @classmethod
    def of(cls, folder: ModelFolder) -> "Decoding":
        """Raises `ModelError` for an unknown key or a value that is no number."""
        known = {field.name: field.type for field in fields(cls)}
        for key, value in (found := folder.manifest.get("decoding", {})).items():
            if key not in known:
                raise ModelError(
                    f'{folder.path}: "decoding" has an unknown key {key!r}; '
                    f"known are {', '.join(known)}."
                )
            if type(value) not in (int, float) or value < 0:
                raise ModelError(f'{folder.path}: "decoding": {key!r} is {value!r}, not a number.')
        return cls(**found)

    def arguments(self, options: Options) -> dict[str, Any]:
        """Keyword arguments of ``ctranslate2.Translator.translate_batch``."""
        hypotheses = 1 + options.alternatives
        return {
            "beam_size": max(options.beam_size or self.beam_size, hypotheses),
            "num_hypotheses": hypotheses,
            "length_penalty": self.length_penalty,
            "coverage_penalty": self.coverage_penalty,
            "repetition_penalty": self.repetition_penalty,
            "no_repeat_ngram_size": options.no_repeat_ngram_size or self.no_repeat_ngram_size,
            "disable_unk": True,  # an unknown-word sign helps nobody
            "return_scores": True,
            "return_attention": options.alignment,
            "max_input_length": 0,  # the engine would truncate silently
        }


def padded_length(tokens: int) -> int:
    """The length to which a segment of ``tokens`` tokens is padded, whatever is beside it."""
    return max(1, -(-tokens // _LENGTHS)) * _LENGTHS


def output_cap(tokens: int) -> int:
    """The most tokens that a translation of ``tokens`` tokens may have.

    About twice the input, and the same for all that are padded to one length: a cap
    taken from the batch would make a translation depend on its neighbours.
    """
    return 2 * padded_length(tokens) + 2 * _LENGTHS
