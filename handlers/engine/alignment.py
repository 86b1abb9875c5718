"""What the tokens of a translation were made of, as the model's attention says."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from handlers.contract.translation import Link

_CLEAR = 0.4
"""Of a token's attention: below it, it is made of several, as articles are, and has no link."""
_SPACE = "\u2581"  # how SentencePiece writes one


def link(
    source: Sequence[str], target: Sequence[str], weights: Sequence[Sequence[float]], text: str
) -> tuple[Link, ...]:
    """A link for each of the ``target`` tokens to the ``source`` token that it is made of.

    ``weights`` has a row a target token with a column a source token. Offsets are into ``text``
    and into the source's tokens as text. Empty where ``text`` is not what the tokens say.
    """
    if _said(target) != text or len(weights) != len(target):
        return ()
    places, origins = _places(target), _places(source)
    return tuple(
        Link(*place, *origins[row.index(weight)])
        for place, row in zip(places, map(list, weights), strict=True)
        if (weight := max(row, default=0.0)) >= _CLEAR
    )


def _said(tokens: Sequence[str]) -> str:
    return "".join(tokens).replace(_SPACE, " ").removeprefix(" ")


def _places(tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Where each token stands in the text of all, without the space that it begins with."""
    shift = 1 if tokens and tokens[0].startswith(_SPACE) else 0
    ends = accumulate(map(len, tokens), initial=-shift)
    return [
        (start + token.startswith(_SPACE), end)
        for token, (start, end) in zip(tokens, pairwise(ends), strict=True)
    ]
