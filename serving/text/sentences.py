"""Sentences: models translate one at a time and drop what follows."""

from collections.abc import Iterator

from sentencex import segment

from serving.text.lines import split_lines, split_paragraphs

_STRETCH = 2000  # characters


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
    """Of a long line a stretch at a time: sentencex needs quadratic time for some."""
    while len(line) > _STRETCH:
        end = line.rfind(" ", _STRETCH // 2, _STRETCH) + 1 or _STRETCH
        *sentences, last = _segment(line[:end], language)
        if len(last) <= end // 2:  # it may go on after the stretch
            end -= len(last)
        else:
            sentences.append(last)
        yield from sentences
        line = line[end:]
    yield from _segment(line, language)


def _segment(line: str, language: str) -> list[str]:
    return list(segment(language, line)) if line and not line.isspace() else [line]
