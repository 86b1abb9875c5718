"""A request's ``keep`` list: terms that are not translated."""

import re
from collections.abc import Iterator, Sequence

from serving.text.protect.scripts import SPACED
from serving.text.protect.spans import Find, Span

# A word, the edges of one that does not touch another letter, and any other character. So a
# term is some atoms in a row, and its own first and last edge ask for a whole word.
_ATOM = re.compile(rf"(?<!\w)(?={SPACED})|(?<={SPACED})(?!\w)|{SPACED}+|.", re.DOTALL)

_FEW = 16
"""So many terms are first looked for in the text as they are: most texts have none."""


def term_finder(terms: Sequence[str]) -> Find:
    """A finder of the terms as whole words, in the case given, where they overlap too."""
    known = {term for term in terms if term.strip()}
    return _Automaton(known).find if known else find_nothing


def find_nothing(text: str) -> Iterator[Span]:
    return iter(())


class _Automaton:
    """Of Aho and Corasick: linear in the terms and in the text, however alike the terms are.

    A node is the beginning of a term; 0 is the empty one.
    """

    def __init__(self, terms: set[str]) -> None:
        self._few = terms if len(terms) <= _FEW else ()
        self._next: dict[tuple[int, str], int] = {}
        self._shorter = [0]
        """By node: the longest end of it that is a node too."""
        self._longest = [0]
        """By node: characters of the longest term that ends there."""
        ways = [(0, _ATOM.findall(term), len(term)) for term in terms]
        depth = 0
        while ways:  # level by level: a node's shorter ones are there before it
            ways = [(self._add(node, way[depth]), way, size) for node, way, size in ways]
            depth += 1
            for node, way, size in ways:
                if len(way) == depth:
                    self._longest[node] = size
            ways = [one for one in ways if len(one[1]) > depth]

    def find(self, text: str) -> Iterator[Span]:
        if self._few and not any(term in text for term in self._few):
            return
        node = end = 0
        for atom in _ATOM.findall(text):
            end += len(atom)
            node = self._follow(node, atom)
            if size := self._longest[node]:
                yield Span(end - size, end)

    def _add(self, node: int, atom: str) -> int:
        found = self._next.get((node, atom))
        if found is None:
            shorter = self._follow(self._shorter[node], atom) if node else 0
            found = self._next[node, atom] = len(self._shorter)
            self._shorter.append(shorter)
            self._longest.append(self._longest[shorter])
        return found

    def _follow(self, node: int, atom: str) -> int:
        while node and (node, atom) not in self._next:
            node = self._shorter[node]
        return self._next.get((node, atom), 0)
