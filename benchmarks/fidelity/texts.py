"""The texts measured, as sets; where each is from: `benchmarks/data/fidelity/README.md`."""

import html
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

from serving.text.divide.sentences import split_sentences

DATA = Path(__file__).parent.parent / "data" / "fidelity"
WIDTH = 70
"""Columns of the mails, and of the book once more."""

SINGLE = 1800

_NAME = re.compile(r"</?[a-z]+")
_KEPT = re.compile("⟪([^⟫]*)⟫")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_EMOJI = re.compile(r"\s*(?:[\u2600-\u27bf\ufe0f\U0001f000-\U0001fbff]+|:[(D])")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_NAMED = re.compile(r"\{\w*\}|%\w+%")
_CUE = "1\n00:00:01,000 --> 00:00:04,000\n"
_DASH = re.compile(r"^- ", re.MULTILINE)
_CODE = re.compile(r"</?[bi]>|\{\\an8\}")
_WHITE = re.compile(r"\s+")


@dataclass(frozen=True)
class Text:
    """``sent`` as ``form``, a format or a file's extension; ``kept`` has to come back."""

    sent: str
    form: str = "text"
    kept: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    """Its sentences as the model by itself gets them; empty where nothing can be compared."""

    def said(self, translated: str) -> str:
        """What can be compared with the model's own translation."""
        if self.form == ".srt":
            translated = _DASH.sub("", _CODE.sub("", translated.removeprefix(_CUE)))
        elif self.form != "text":
            translated = html.unescape(_TAG.sub("", translated))
        return _WHITE.sub(" ", _EMOJI.sub("", html.unescape(translated))).strip()

    def lost(self, translated: str) -> list[str]:
        """Of ``kept`` what ``translated`` has not, or has fewer times."""
        rest = translated
        lost = []
        for kept in sorted(self.kept, key=len, reverse=True):
            if kept in rest:
                rest = rest.replace(kept, "\0", 1)
            else:
                lost.append(kept)
        return lost


def sets(language: str) -> dict[str, list[Text]]:
    """By name; as many as there are in that language."""
    made = {
        "interface": _interface,
        "strings": _strings,
        "html": _html,
        "xml": _xml,
        "pages": _pages,
        "manual": _manual,
        "subtitles": _subtitles,
        "social": _social,
        "mail": _mail,
        "book": _book,
        "wrapped": _wrapped,
        "markdown": _markdown,
        "numbers": _numbers,
    }
    return {name: list(own(language)) for name, own in made.items() if _path(name, language)}


def single() -> list[str]:
    """English sentences of everyday life, one a text."""
    lines = (DATA.parent / "sentences.en").read_text("utf-8").splitlines()
    return lines[:SINGLE]


def named(text: Text) -> Text:
    """With the names of the tags as what is kept: other programs write attributes anew."""
    return replace(text, kept=tuple(_NAME.findall(text.sent)))


def passages(folder: Path, most: int) -> list[Text]:
    """Paragraphs with inline tags of HTML files, as many from each."""
    files = sorted(folder.rglob("*.html"))
    found: dict[str, Text] = {}
    for path in files:
        own = list(_paragraphs(path.read_text("utf-8", "replace")))
        chosen = own[:: max(1, len(own) * len(files) // most)]
        found |= {markup: _passage(markup, "html") for markup in chosen}
    return list(found.values())[:most]


def _path(name: str, language: str) -> Path | None:
    stem = {"xml": "html", "manual": "pages", "wrapped": "book"}.get(name, name)
    found = sorted(DATA.glob(f"{stem}.{language}*"))
    return found[0] if found else None


def _lines(name: str, language: str) -> list[str]:
    path = _path(name, language)
    return path.read_text("utf-8").splitlines() if path else []


def _interface(language: str) -> Iterator[Text]:
    for line in _lines("interface", language):
        kept = tuple(own.replace("&amp;", "") for own in _KEPT.findall(line))
        yield Text(_KEPT.sub(r"\1", line), kept=tuple(filter(None, kept)))


def _html(language: str) -> Iterator[Text]:
    return (_passage(line, "html") for line in _lines("html", language))


def _pages(language: str) -> Iterator[Text]:
    return (_passage(line, "html", language) for line in _lines("pages", language))


def _xml(language: str) -> Iterator[Text]:
    return (_passage(line, "xml") for line in _numbered("html", language))


def _manual(language: str) -> Iterator[Text]:
    return (_passage(line, "xml", language) for line in _numbered("pages", language))


def _strings(language: str) -> Iterator[Text]:
    """Of real programs, as they stand in their catalogues."""
    for line in _lines("strings", language):
        kept = (*_TAG.findall(line), *_NAMED.findall(_TAG.sub("", line)))
        yield Text(line, "html" if "<" in line else "text", kept)


def _numbered(name: str, language: str) -> Iterator[str]:
    """The same sentences as a translation tool sends them."""
    names = re.compile(r"<(/?)(?:code|kbd|tt|[abiu]|em|strong|span)\b[^<>]*>")
    for line in _lines(name, language):
        numbers = iter(range(1, 100))
        opened: list[int] = []

        def tag(match: re.Match[str], numbers=numbers, opened=opened) -> str:
            if match[1]:
                opened.pop()
                return "</g>"
            opened.append(next(numbers))
            return f'<g id="{opened[-1]}">'

        yield names.sub(tag, line)


def _passage(markup: str, form: str, language: str = "") -> Text:
    """With a ``language``, sentences end where the service ends them: tags are measured."""
    plain = _WHITE.sub(" ", html.unescape(_TAG.sub("", markup))).strip()
    sentences = map(str.strip, split_sentences(plain, language)) if language else ()
    alone = tuple(sentences) or tuple(_SENTENCE.split(plain))
    return Text(markup, form, tuple(_TAG.findall(markup)), alone)


def _subtitles(language: str) -> Iterator[Text]:
    """A file of one cue each."""
    for cue in "\n".join(_lines("subtitles", language)).split("\n\n"):
        speeches = [" ".join(own.split()) for own in _DASH.split(_CODE.sub("", cue)) if own]
        alone = tuple(sentence for own in speeches for sentence in _SENTENCE.split(own))
        kept = (_CUE, *_CODE.findall(cue), *_DASH.findall(cue))
        yield Text(f"{_CUE}{cue}\n", ".srt", kept, alone)


def _social(language: str) -> Iterator[Text]:
    for line in _lines("social", language):
        text = Text(line, kept=tuple(own.strip() for own in _EMOJI.findall(line)))
        plain = text.said(line)
        yield Text(line, kept=text.kept, alone=tuple(_SENTENCE.split(plain)))


def _mail(language: str) -> Iterator[Text]:
    for line in filter(None, _lines("mail", language)):
        alone = tuple(_SENTENCE.split(line))
        yield Text(textwrap.fill(line, WIDTH), alone=alone)


def _book(language: str) -> Iterator[Text]:
    path = _path("book", language)
    for paragraph in path.read_text("utf-8").strip().split("\n\n") if path else ():
        sentences = tuple(paragraph.splitlines())
        yield Text(" ".join(sentences), alone=sentences)


def _wrapped(language: str) -> Iterator[Text]:
    return (Text(textwrap.fill(text.sent, WIDTH), alone=text.alone) for text in _book(language))


def _markdown(language: str) -> Iterator[Text]:
    """A page, as text and as a file. Its fence, addresses, bars and marks are to come back."""
    path = _path("markdown", language)
    page = path.read_text("utf-8") if path else ""
    marks = re.findall(
        r"^```.*?^```$|^#+ |^- |^\d\. |^> |^\| --[^\n]*$|^---$|\[\^1\]|https:[^)]*|`[^`]+`|~~"
        r"|<[^>]*>",
        page,
        re.MULTILINE | re.DOTALL,
    )
    yield from (Text(page, form, tuple(marks)) for form in ("text", ".md"))


def _numbers(language: str) -> Iterator[Text]:
    return (Text(line, alone=(line,)) for line in _lines("numbers", language))


class _Paragraphs(HTMLParser):
    """The inner markup of elements that hold a sentence, by where they stand."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, int]] = []
        self._lines = [0]
        for line in markup.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._start = -1
        self.feed(markup)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("p", "li", "dd", "td"):
            self._start = self._at() + len(self.get_starttag_text() or "")
        elif tag in ("ul", "ol", "div", "pre", "table", "dl"):
            self._start = -1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "li", "dd", "td") and self._start >= 0:
            self.found.append((self._start, self._at()))
        self._start = -1 if tag in ("p", "li", "dd", "td") else self._start


def _paragraphs(page: str) -> Iterator[str]:
    for start, end in _Paragraphs(page).found:
        markup = page[start:end].strip()
        plain = _TAG.sub("", markup)
        if "<" in markup and 40 < len(plain) < 400 and plain[:1].isupper() and "<!--" not in markup:
            yield markup
