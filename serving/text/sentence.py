"""One sentence: prepared, translated, verified, and repaired if the model mangled it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from handlers import Options, Segment, Translation
from serving.jobs import Ask, Job
from serving.text.context import Context
from serving.text.divide.division import Stretch
from serving.text.divide.source import Source
from serving.text.joining import Result
from serving.text.mend import (
    capitals,
    endings,
    initials,
    masks,
    numbers,
    repetition,
    symbols,
    unknown,
)
from serving.text.protect.rules import invents
from serving.text.protect.spans import Span, replaced
from serving.text.warnings import (
    NUMBERS_CHANGED,
    REPETITION,
    SCRIPT_UNKNOWN,
    SYMBOLS_CHANGED,
    TRUNCATED,
    UNTRANSLATED,
)


class Sentence(NamedTuple):
    """The sentence ``stretch`` of a source, and what its request wants."""

    source: Source
    stretch: Stretch
    context: Context

    def literal(self) -> str:
        """The sentence as its author wrote it."""
        return self.source.literal(self.stretch.start, self.stretch.end)


@dataclass(frozen=True)
class Form:
    """A sentence as the model gets it."""

    sentence: Sentence
    masked: masks.Masked
    in_capitals: bool
    marked: str
    """``masked.text`` as it was before marks unknown to the model were written in ASCII."""


def prepare(sentence: Sentence, palette: masks.Palette) -> Form | None:
    """The sentence as the model gets it; None if it has more spans than masks can stand for."""
    stretch, context = sentence.stretch, sentence.context
    text = sentence.source.text[stretch.start : stretch.end]
    spans = (
        [Span(s.start - stretch.start, s.end - stretch.start, s.kind) for s in stretch.spans]
        if stretch.spans
        else []
    )
    lowered = None
    if context.recase:
        kept = [(span.start, span.end) for span in spans]
        lowered = capitals.protect(text, context.source, kept)
    masked = masks.protect(text if lowered is None else lowered, spans, palette)
    if masked is None:
        return None
    marked = masked.text
    if not marked.isascii() and (known := unknown.plain(marked, context.knows)) != marked:
        masked = replace(masked, text=known)
    return Form(sentence, masked, lowered is not None, marked)


def forms(sentence: Sentence) -> Iterator[Form]:
    """``sentence`` with the masks of one palette after the other, as far as they differ."""
    seen = set()
    for palette in sentence.context.palettes:
        form = prepare(sentence, palette)
        if form is not None and form.masked.text not in seen:
            seen.add(form.masked.text)
            yield form


def in_foreign_script(form: Form) -> Result | None:
    """The untranslated sentence, with a warning, if the model has no letters for it; else None."""
    if not unknown.is_foreign(form.masked.text, form.sentence.context.knows):
        return None
    return Result(Translation(form.sentence.literal(), warnings=(SCRIPT_UNKNOWN,)), 0)


def ask(form: Form, options: Options) -> Job[Translation | None]:
    """The model's answer to ``form`` alone; None if that is too long for the model."""
    context = form.sentence.context
    [segment] = context.segments([form.masked.text])
    if context.is_too_long(segment):
        return None
    [answer] = yield [Ask(segment, options)]
    return answer


def translate_masked(form: Form, segment: Segment) -> Job[Result | None]:
    """Translate a sentence with spans; None if the model loops, or loses or doubles a mask."""
    [answer] = yield [Ask(segment, form.sentence.context.options)]
    if is_faulty(form, answer):
        return None
    finished = finish(form, answer)
    return None if finished is None else Result(finished, len(segment.tokens))


def translate_plain(form: Form, segment: Segment) -> Job[Result]:
    """Translate a sentence without spans; it stays as it is if the model makes up a placeholder.

    The model is asked once more where it loops, if it heeds the option that forbids loops.
    """
    context = form.sentence.context
    [answer] = yield [Ask(segment, context.options)]
    if is_faulty(form, answer):
        if context.second_options != context.options:
            [again] = yield [Ask(segment, context.second_options)]
            answer = _better(form, answer, again)
        elif _loops(form, answer):
            answer = _repetitive(answer)
    finished = finish(form, answer) or _untranslated(form)
    return Result(finished, len(segment.tokens))


def is_faulty(form: Form, answer: Translation) -> bool:
    """Whether the answer loops, or was cut off by the handler."""
    return TRUNCATED in answer.warnings or _loops(form, answer)


def _loops(form: Form, answer: Translation) -> bool:
    return repetition.is_suspicious(form.masked.text, answer.text)


def _better(form: Form, first: Translation, second: Translation) -> Translation:
    if not is_faulty(form, second):
        return second
    best = min(first, second, key=lambda answer: (_loops(form, answer), len(answer.text)))
    if not _loops(form, best):
        return best
    return _repetitive(best)


def _repetitive(answer: Translation) -> Translation:
    return replace(answer, warnings=(*answer.warnings, REPETITION))


def _untranslated(form: Form) -> Translation:
    """The sentence as it was, for an answer with a placeholder that the model made up."""
    return Translation(form.sentence.literal(), warnings=(UNTRANSLATED,))


def finish(form: Form, answer: Translation) -> Translation | None:
    """The answer as the client gets it; None if it lacks a mask or has a made-up placeholder."""
    parts = _restore(form, answer.text)
    if parts is None:
        return None
    text = _write(form, parts)
    others = _others(form, answer, text) if answer.alternatives else ()
    own, said = _own_words(form), _words(parts)
    warnings = list(answer.warnings)
    if numbers.is_changed(own, said):
        warnings.append(NUMBERS_CHANGED)
    if symbols.is_lost(own, said):
        warnings.append(SYMBOLS_CHANGED)
    return Translation(
        text=text,
        alternatives=others,
        score=answer.score,
        warnings=tuple(warnings),
    )


def _others(form: Form, answer: Translation, best: str) -> tuple[str, ...]:
    """The alternatives that are whole, each once."""
    parts = (_restore(form, other) for other in answer.alternatives)
    written = dict.fromkeys(_write(form, other) for other in parts if other is not None)
    return tuple(other for other in written if other != best)


def _restore(form: Form, translated: str) -> list[str | Span] | None:
    """Undo what `prepare` did, last first; None if the result is not whole."""
    target = form.sentence.context.target
    text = endings.restore(translated, form.masked.text)
    if not form.marked.isascii():
        text = unknown.restore(text, form.marked)
    if form.sentence.stretch.is_part:
        text = initials.restore(text, form.masked.text, target)
    parts = masks.restore(text, form.masked)
    if parts is None or any(map(invents, _glued(parts))):
        return None
    if not form.in_capitals:
        return parts
    own = _own_words(form)
    return [capitals.restore(p, target, own) if isinstance(p, str) else p for p in parts]


def _glued(parts: list[str | Span]) -> list[str]:
    """The strings of ``parts``, an ``x`` where a span touches them: ``{n}/month`` has no path."""
    last = len(parts) - 1
    words = _strings(parts)
    if not last:
        return words
    places = (at for at, part in enumerate(parts) if isinstance(part, str))
    return [
        "x" * (at > 0) + part + "x" * (at < last) for at, part in zip(places, words, strict=True)
    ]


def _strings(parts: list[str | Span]) -> list[str]:
    return [part for part in parts if isinstance(part, str)]


def around_mask(form: Form, span: Span, translated: str) -> tuple[str, str] | None:
    """The text before and after the mask of ``span`` in ``translated``; None if a mask is lost."""
    parts = masks.restore(translated, form.masked)
    if parts is None:
        return None
    source, first = form.sentence.source, form.sentence.stretch.start
    sides = ["", ""]
    is_after = False
    for part in parts:
        if isinstance(part, str):
            sides[is_after] += source.escape(part)
        elif part.start == span.start - first:
            is_after = True
        else:
            sides[is_after] += source.literal(first + part.start, first + part.end)
    return sides[0], sides[1]


def _write(form: Form, parts: list[str | Span]) -> str:
    source, stretch = form.sentence.source, form.sentence.stretch
    start = stretch.start
    if not stretch.spans:
        return source.escape("".join(_strings(parts)))
    return "".join(
        source.escape(part)
        if isinstance(part, str)
        else source.literal(start + part.start, start + part.end)
        for part in parts
    )


def _words(parts: list[str | Span]) -> str:
    return " ".join(_strings(parts))


def _own_words(form: Form) -> str:
    """The sentence's text without its spans."""
    source, stretch = form.sentence.source, form.sentence.stretch
    if not stretch.spans:
        return source.text[stretch.start : stretch.end]
    return replaced(source.text, stretch.spans, lambda _: " ", stretch.start, stretch.end)
