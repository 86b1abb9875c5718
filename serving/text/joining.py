"""Parts and their translations put together again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers import Translation


@dataclass(frozen=True, slots=True)
class Result:
    """A translation, and the tokens of what was translated: its weight in a mean."""

    translation: Translation
    tokens: int

    def warned(self, code: str) -> "Result":
        """The result with the warning ``code`` too, once."""
        warnings = tuple(dict.fromkeys((*self.translation.warnings, code)))
        return replace(self, translation=replace(self.translation, warnings=warnings))


Part = str | Result
"""A string stays as it is, a result is replaced by its translation."""


def join(parts: Sequence[Part]) -> Result:
    """One result: the parts' text, their mean score, and each warning and term once."""
    if len(parts) == 1 and isinstance(parts[0], Result):
        return parts[0]
    results = [part for part in parts if isinstance(part, Result)]
    translations = [result.translation for result in results]
    text = "".join(part if isinstance(part, str) else part.translation.text for part in parts)
    return Result(
        Translation(
            text=text,
            alternatives=_alternatives(parts, translations, text),
            score=_score(results),
            warnings=tuple(dict.fromkeys(w for t in translations for w in t.warnings)),
            terms=tuple(dict.fromkeys(each for t in translations for each in t.terms)),
        ),
        sum(result.tokens for result in results),
    )


def _alternatives(
    parts: Sequence[Part], translations: Sequence[Translation], text: str
) -> tuple[str, ...]:
    """The k-th has the k-th alternative of each sentence, or its best where it has fewer."""
    count = max((len(t.alternatives) for t in translations), default=0)
    found = ("".join(_choice(part, k) for part in parts) for k in range(count))
    return tuple(other for other in dict.fromkeys(found) if other != text)


def _choice(part: Part, k: int) -> str:
    if isinstance(part, str):
        return part
    alternatives = part.translation.alternatives
    return alternatives[k] if k < len(alternatives) else part.translation.text


def _score(results: Sequence[Result]) -> float | None:
    """The mean of the sentences' scores, weighted by their tokens; None if a sentence has none."""
    scores = [r.translation.score for r in results if r.translation.score is not None]
    if not scores or len(scores) < len(results):
        return None
    weights = [result.tokens or 1 for result in results]
    return sum(s * w for s, w in zip(scores, weights, strict=True)) / sum(weights)
