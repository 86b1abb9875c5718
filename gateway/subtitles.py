"""SubRip files: numbers and times stay, each cue's lines are translated as one text."""

from __future__ import annotations

import re
import textwrap
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace

from gateway.backend import TranslationRequest

# The time line, then everything up to the blank line before the next cue.
_CUE = re.compile(
    r"^(?P<time>[ \t]*\d+:\d\d:\d\d[,.]\d{1,3}[ \t]*-->[^\n]*\n)"
    r"(?P<text>(?:[^\n]*\S[^\n]*(?:\n|\Z))*)",
    re.MULTILINE,
)
_TAG = re.compile(r"<[^<>]+>")
Translate = Callable[[tuple[str, ...], TranslationRequest], list[str]]


def translate(content: str, translate_texts: Translate, how: TranslationRequest) -> str:
    """The file with every cue's text translated; `translate_texts` gets plain text or HTML."""
    newline = "\r\n" if "\r\n" in content else "\n"
    content = content.replace("\r\n", "\n")
    cues = [cue for cue in _CUE.finditer(content) if cue["text"].strip()]
    lines = [cue["text"].rstrip("\n").split("\n") for cue in cues]
    texts = [" ".join(line.strip() for line in cue) for cue in lines]
    translated = iter(_translate_both(texts, translate_texts, how))
    wrapped = iter([_wrap(next(translated), len(cue)) for cue in lines])
    replaced = _CUE.sub(lambda cue: _filled(cue, wrapped), content)
    return replaced.replace("\n", newline)


def _translate_both(
    texts: list[str], translate_texts: Translate, how: TranslationRequest
) -> list[str]:
    """Cues with tags go as HTML, the others as text, where & and < mean themselves."""
    results = list(texts)
    for kind in ("html", "text"):
        places = [i for i, text in enumerate(texts) if bool(_TAG.search(text)) == (kind == "html")]
        if places:
            chosen = tuple(texts[i] for i in places)
            for place, result in zip(
                places, translate_texts(chosen, replace(how, format=kind)), strict=True
            ):
                results[place] = result
    return results


def _filled(cue: re.Match[str], wrapped: Iterator[str]) -> str:
    if not cue["text"].strip():
        return cue[0]
    end = "\n" if cue["text"].endswith("\n") else ""
    return f"{cue['time']}{next(wrapped)}{end}"


def _wrap(text: str, lines: int) -> str:
    """At most as many lines as the cue had, as even as the words allow."""
    widths = range(max(1, len(text) // lines), len(text) + 1)
    # The wider, the fewer lines: found by halving, for a cue may be a whole book.
    index = bisect_left(widths, -lines, key=lambda width: -len(_lines(text, width)))
    return "\n".join(_lines(text, widths[index])) if index < len(widths) else text


def _lines(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
