"""A request's terms: where a text has them, and whether a translation has what they are to be."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from serving.text.glossary.inflection import fold, forms, is_form, is_part, plural, primary
from serving.text.protect.scripts import SPACED

_WORD = re.compile(rf"{SPACED}+|[^\s]")
"""A word, or any other character: of a script without spaces each is one."""
_LONGEST = 32
"""Words: a longer term is none, and is not looked for."""
_ALIKE = 4
"""Terms that differ in case or accents only; further ones are not looked for."""


class Word(NamedTuple):
    text: str
    start: int
    end: int


class Occurrence(NamedTuple):
    """``text[start:end]`` is ``term``, or a form of it, and is to be translated as ``target``."""

    start: int
    end: int
    term: str
    target: str
    is_inflected: bool = False


class Terms:
    """Finds terms in time that is linear in the text, however many or alike they are.

    They stand in a tree, word by word; 0 is its root.
    """

    def __init__(self, terms: Mapping[str, str], source: str, target: str) -> None:
        self._source, self._target = primary(source), primary(target)
        self._exact: dict[tuple[int, str], int] = {}
        self._forms: dict[tuple[int, str], int] = {}
        self._ends: list[list[tuple[Sequence[str], str, str]]] = [[]]
        for term, wanted in terms.items():
            self._add(term, wanted)

    def find(self, text: str) -> Iterator[Occurrence]:
        """Occurrences in order; of those that overlap the first, and of these the longest."""
        words = list(words_of(text))
        at = 0
        while at < len(words):
            size, found = self._longest(words, at)
            if found:
                start, end = words[at].start, words[at + size - 1].end
                yield Occurrence(start, end, *found, fold(text[start:end]) != fold(found[0]))
            at += size

    def counts(self, text: str, targets: Iterable[str]) -> dict[str, int]:
        """How often ``text`` has all words of each target, inflected or within a compound."""
        words = [word.text for word in words_of(text)]
        return {target: self._count(words, target) for target in targets}

    def _count(self, words: Sequence[str], target: str) -> int:
        wanted = [word.text for word in words_of(target)]
        return sum(self._stands(words, at, wanted) for at in range(len(words)))

    def in_number(self, each: Occurrence, translated: str) -> str:
        """The wanted translation, in the plural where what it replaces is."""
        is_plural = each.is_inflected and translated.endswith(("s", "x"))
        return plural(each.target, self._target) if is_plural else each.target

    def _add(self, term: str, wanted: str) -> None:
        words = [word.text for word in words_of(term)]
        if not 0 < len(words) <= _LONGEST:
            return
        node = 0
        for number, word in enumerate(words, 1):
            node = self._step(node, word, number == len(words))
        if len(self._ends[node]) < _ALIKE:
            self._ends[node].append((words, term, wanted))

    def _step(self, node: int, word: str, is_last: bool) -> int:
        key = node, fold(word)
        if key not in self._exact:
            self._exact[key] = len(self._ends)
            self._ends.append([])
        for form in forms(word, self._source, is_last):
            self._forms.setdefault((node, form), self._exact[key])
        return self._exact[key]

    def _longest(self, words: Sequence[Word], at: int) -> tuple[int, tuple[str, str] | None]:
        """The length, in words, of the longest term that begins there; it, and its translation."""
        node, size = 0, 0
        found: tuple[int, tuple[str, str] | None] = (1, None)
        for word in words[at : at + _LONGEST]:
            form = node, fold(word.text)
            following = self._exact.get(form) or self._forms.get(form)
            if following is None:
                break
            node, size = following, size + 1
            for own, term, wanted in self._ends[node]:
                if self._fits(words[at : at + size], own):
                    found = size, (term, wanted)
                    break
        return found

    def _fits(self, words: Sequence[Word], own: Sequence[str]) -> bool:
        return all(
            _has_case(word.text, of) and is_form(word.text, of, self._source, number == len(own))
            for number, (word, of) in enumerate(zip(words, own, strict=True), 1)
        )

    def _stands(self, words: Sequence[str], at: int, wanted: Sequence[str]) -> bool:
        if at + len(wanted) > len(words):
            return False
        if len(wanted) == 1 and is_part(wanted[0], words[at], self._target):
            return True
        return all(
            _has_case(words[at + number], of)
            and is_form(words[at + number], of, self._target, number + 1 == len(wanted))
            for number, of in enumerate(wanted)
        )


def words_of(text: str) -> Iterator[Word]:
    return (Word(match[0], *match.span()) for match in _WORD.finditer(text))


def _has_case(word: str, of: str) -> bool:
    """``API`` is not ``api`` and ``March`` not ``march``; ``contract`` may begin a sentence."""
    if any(map(str.isupper, of[1:])):
        return word.startswith(of)
    return word[:1].isupper() or not of[:1].isupper()
