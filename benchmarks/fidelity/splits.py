"""Hard sentence ends: how many a splitter gets wrong."""

from collections.abc import Callable, Iterable

from benchmarks.fidelity.texts import DATA
from serving.text.divide.sentences import split_sentences

LANGUAGES = ("en", "de", "pt")
Split = Callable[[str, str], Iterable[str]]


def wrong_splits(split: Split = split_sentences) -> dict[str, tuple[int, int]]:
    """Of each language, how many of how many cases are wrong."""
    found = {}
    for language in LANGUAGES:
        cases = (DATA / f"splits.{language}").read_text("utf-8").splitlines()
        wrong = [case for case in cases if not _is_right(case, language, split)]
        found[language] = len(wrong), len(cases)
    return found


def _is_right(case: str, language: str, split: Split) -> bool:
    pieces = [piece.strip() for piece in split(case.replace(" | ", " "), language)]
    return list(filter(None, pieces)) == case.split(" | ")
