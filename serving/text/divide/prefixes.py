"""What two words, or two lists of words, have in common at their beginnings."""

from collections.abc import Sequence
from itertools import takewhile


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """The number of letters, or of words, that are the same before the first that differs."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
