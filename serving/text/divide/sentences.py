"""Sentences: models translate one at a time and drop what follows."""

import re
from collections.abc import Iterator

from sentencex import segment

from serving.text.divide.lines import split_lines, split_paragraphs
from serving.text.divide.sentence_ends import has_quoted_end, mend

_STRETCH = 2000  # characters
# sentencex panics at `C\u00a0.`: it takes the space before a full stop for one byte.
_WIDE_SPACE = re.compile(r"[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000](?=\.)")


def split_sentences(text: str, language: str, split: str = "sentences") -> Iterator[str]:
    """Pieces that joined are ``text`` again, each at most one sentence, as they are asked for.

    ``language`` is the source's code. ``split``: ``"sentences"`` ends one at
    every line break too, ``"punctuation"`` only at blank lines, ``"none"`` never.
    """
    if split == "none":
        return iter([text])
    lines = split_lines(text) if split == "sentences" else split_paragraphs(text)
    primary = language.partition("-")[0].lower()
    return (piece for line in lines for piece in _sentences(line, primary))


def _sentences(line: str, language: str) -> Iterator[str]:
    """The sentences of a line, `_STRETCH` at a time: sentencex needs quadratic time for some."""
    start = 0
    while len(line) - start > _STRETCH:
        end = line.rfind(" ", start + _STRETCH // 2, start + _STRETCH) + 1 or start + _STRETCH
        *sentences, last = _segment(line[start:end], language)
        if len(last) <= (end - start) // 2:  # it may go on after the stretch
            end -= len(last)
        else:
            sentences.append(last)
        yield from sentences
        start = end
    yield from _segment(line[start:], language)


def _segment(line: str, language: str) -> list[str]:
    if not line or line.isspace():
        return [line]
    found = _split(line, language)
    if len(found) == 1 and not has_quoted_end(line):
        return found
    return list(mend(found, language, lambda text: _split(text, language)))


def _split(line: str, language: str) -> list[str]:
    if line.isascii():
        return _call(line, language)
    found = _call(_WIDE_SPACE.sub(" ", line), language)
    return list(_cut(line, found))


def _cut(line: str, sentences: list[str]) -> Iterator[str]:
    """``line``, cut where the sentences of a line of the same length end."""
    start = 0
    for sentence in sentences:
        yield line[start : (start := start + len(sentence))]


def _call(line: str, language: str) -> list[str]:
    """What sentencex finds; the line is one sentence where it panics."""
    try:
        return list(segment(language, line))
    except BaseException as error:  # what pyo3 makes of a panic is no Exception
        if type(error).__module__ != "pyo3_runtime":
            raise
        return [line]
