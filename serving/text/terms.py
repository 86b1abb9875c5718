"""A request's ``keep`` list: terms that are not translated."""

import re
from collections.abc import Iterator
from functools import lru_cache, partial

from serving.text.scripts import is_spaced
from serving.text.spans import Find, Span


@lru_cache(maxsize=8)
def term_finder(terms: tuple[str, ...]) -> Find:
    """Finds them as whole words, upper and lower case as given, the longest first."""
    known = sorted({term for term in terms if term.strip()}, key=len, reverse=True)
    words = [_whole(term) for term in known if is_spaced(term[0])]
    others = [_whole(term) for term in known if not is_spaced(term[0])]
    # The look behind stands once, not in each branch, so that a branch is one comparison.
    patterns = [rf"(?<!\w)(?:{'|'.join(words)})"] if words else []
    pattern = "|".join([*patterns, *others])
    return partial(_find, re.compile(pattern)) if pattern else _nothing


def _whole(term: str) -> str:
    return re.escape(term) + (r"(?!\w)" if is_spaced(term[-1]) else "")


def _find(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (Span(match.start(), match.end()) for match in pattern.finditer(text))


def _nothing(text: str) -> Iterator[Span]:
    return iter(())
