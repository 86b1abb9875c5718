"""Which of the deployed languages a text is in. The model is loaded at the first question, unless
somebody calls `prepare`."""

from __future__ import annotations

import functools
import threading
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gateway.language_model import LanguageModel

ELSEWHERE = (0.6, 0.02)
"""A text is in no deployed language where another one has this probability or more, and the best
of the deployed ones less than this share of it. Among English, German and Portuguese, that holds
for none of 2000 pieces of English of two to fifteen words, and for fourteen of twenty phrases in
eight other languages."""
UNSURE = 50.0  # percent; below it, the language one translates into is the less likely one
_MODEL_NAMES = {"nb": "no", "fil": "tl", "pb": "pt", "zt": "zh"}
_SCRIPTS = {
    "CYRILLIC": "ru uk be bg mk sr kk ky mn tg tt",
    "ARABIC": "ar fa ur ps ug sd ku",
    "HEBREW": "he yi",
    "GREEK": "el",
    "DEVANAGARI": "hi mr ne sa",
    "BENGALI": "bn as",
    "CJK": "zh yue ja",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "ETHIOPIC": "am",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "ORIYA": "or",
}
_BY_SCRIPT = {script: set(codes.split()) for script, codes in _SCRIPTS.items()}
_TWO_SCRIPTS = {"sr", "kk", "ku", "mn", "tt", "ug"}  # also written in Latin letters
_NOT_LATIN = set().union(*_BY_SCRIPT.values()) - _TWO_SCRIPTS
_LOADING = threading.Lock()


class Guess(NamedTuple):
    language: str
    confidence: float  # percent


def detect(text: str, languages: Sequence[str]) -> list[Guess]:
    """The deployed languages the text may be in, best first; empty if it can be in none: in
    another script, or clearly in another language.

    A guess's confidence is its share among the deployed languages, lowered by as much as some
    other language of the 142 the model knows fits the text better: French text is no
    confident English where only English and German are deployed.
    """
    script = _script(text)
    candidates = [code for code in languages if script and _writes(code, script)]
    if not candidates:
        return []
    scores = _scores(text)
    known = {code: scores.get(_model_name(code), 0.0) for code in candidates}
    total, best_of_all = sum(known.values()), max(scores.values())
    if not total:
        return [Guess(code, 0.0) for code in candidates]
    fit = min(1.0, max(known.values()) / best_of_all)
    if _is_elsewhere(best_of_all, fit) and all(_model_name(code) in scores for code in known):
        return []
    ranked = sorted(known.items(), key=lambda item: -item[1])
    return [Guess(code, round(100 * share / total * fit, 1)) for code, share in ranked]


def _is_elsewhere(best_of_all: float, fit: float) -> bool:
    probability, share = ELSEWHERE
    return best_of_all >= probability and fit < share


def prepare() -> None:
    """Load the model now rather than for the first text."""
    _scores("a")


def pick(guesses: Sequence[Guess], target: str) -> Guess | None:
    """The best guess; an unsure one that is the target gives way to the next."""
    if not guesses:
        return None
    best, *others = guesses
    if best.language == target and best.confidence < UNSURE and others:
        return others[0]
    return best


def _script(text: str) -> str:
    """The script of most of the text's letters: the first word of their Unicode names."""
    names = Counter(
        unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha()
    )
    if names["HIRAGANA"] or names["KATAKANA"]:
        return "HIRAGANA"
    return names.most_common(1)[0][0] if names else ""


def _writes(code: str, script: str) -> bool:
    base = code.partition("-")[0]
    if code.endswith("-XA"):  # a pseudo-locale: nobody writes in it
        return False
    return base not in _NOT_LATIN if script == "LATIN" else base in _BY_SCRIPT.get(script, ())


def _model_name(code: str) -> str:
    base = code.partition("-")[0]
    return _MODEL_NAMES.get(base, base)


def _scores(text: str) -> dict[str, float]:
    with _LOADING:  # `cache` alone lets everyone who comes meanwhile load a model too
        model = _model()
    return model.probabilities(text[:2000])


@functools.cache
def _model() -> LanguageModel:
    from gateway.language_model import LanguageModel, installed_model

    return LanguageModel(installed_model())
