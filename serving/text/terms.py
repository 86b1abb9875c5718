"""A request's ``keep`` list: terms that are not translated."""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from serving.text.scripts import is_spaced
from serving.text.spans import Find, Span


def term_finder(terms: Sequence[str]) -> Find:
    """Finds them as whole words, upper and lower case as given, the longest first."""
    known = sorted({term for term in terms if term.strip()}, key=len, reverse=True)
    if not known:
        return _nothing
    return partial(_find, re.compile("|".join(map(_whole, known))))


def _whole(term: str) -> str:
    before = r"(?<!\w)" if is_spaced(term[0]) else ""
    after = r"(?!\w)" if is_spaced(term[-1]) else ""
    return before + re.escape(term) + after


def _find(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (Span(match.start(), match.end()) for match in pattern.finditer(text))


def _nothing(text: str) -> Iterator[Span]:
    return iter(())
