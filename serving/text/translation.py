"""A text with its spans: divided, each sentence translated, joined."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from handlers import Segment
from serving.jobs import AT_ONCE, Job, together
from serving.text.context import Context
from serving.text.divide.asides import asides_of, place, put_back, stands_within, without
from serving.text.divide.chunks import cut
from serving.text.divide.division import Stretch, around, clauses, divide, divide_at, trim
from serving.text.divide.source import Source
from serving.text.joining import Part, Result, join
from serving.text.mend import masks
from serving.text.protect.spans import Span
from serving.text.sentence import (
    Form,
    Sentence,
    around_mask,
    ask,
    forms,
    in_foreign_script,
    prepare,
    translate_masked,
    translate_plain,
)
from serving.text.term_steps import choices, find_terms, inserted, meet_terms, with_spans
from serving.text.warnings import IN_PIECES

_ASIDES = 3
"""The maximum of emoji within one sentence: each costs another translation of it."""


def translate_source(source: Source, context: Context) -> Job[Result]:
    """Divide a text as the request wants, and translate it."""
    stretches = list(divide(source, context.source, context.request.split))
    return (yield from translate_stretches(source, stretches, context))


def translate_stretches(
    source: Source, stretches: Sequence[Stretch], context: Context
) -> Job[Result]:
    return join((yield from translate_parts(source, stretches, context)))


def translate_parts(
    source: Source, stretches: Sequence[Stretch], context: Context
) -> Job[list[Part]]:
    """Translate the sentences side by side; all other stretches stay as they were written."""
    parts: list[Part] = []
    for start in range(0, len(stretches), AT_ONCE):
        parts += yield from _translate_some(source, stretches[start : start + AT_ONCE], context)
    return parts


def _translate_some(
    source: Source, stretches: Sequence[Stretch], context: Context
) -> Job[list[Part]]:
    palette = context.palettes[0]
    sentences = {
        index: Sentence(source, stretch, context)
        for index, stretch in enumerate(stretches)
        if stretch.is_sentence
    }
    forms = [
        None if asides_of(sentence.stretch) else prepare(sentence, palette)
        for sentence in sentences.values()
    ]
    segments = context.segments([form.masked.text if form else "" for form in forms])
    jobs = map(_translate, sentences.values(), forms, segments)
    results = dict(zip(sentences, (yield from together(jobs)), strict=True))
    return [
        results.get(index) or source.literal(stretch.start, stretch.end)
        for index, stretch in enumerate(stretches)
    ]


def _translate(sentence: Sentence, form: Form | None, segment: Segment) -> Job[Result]:
    if asides := asides_of(sentence.stretch):
        return (yield from _translate_beside(sentence, asides))
    if form is None:
        return (yield from _translate_around(sentence))
    return in_foreign_script(form) or (yield from _translate_form(form, segment))


def _translate_form(form: Form, segment: Segment) -> Job[Result]:
    source, stretch, context = form.sentence
    if context.max_tokens and context.is_too_long(segment):
        chunks = list(_cut(form, context.max_tokens))
        if len(chunks) > 1:
            return (yield from translate_stretches(source, chunks, context))
    result: Result | None = None
    if not stretch.spans:
        result = yield from translate_plain(form, segment)
    elif not context.is_too_long(segment):
        result = yield from translate_masked(form, segment)
        result = result or (yield from _translate_again(form.sentence))
    if result is None:
        return (yield from _translate_around(form.sentence))
    return (yield from _with_terms(form, segment, result))


def _with_terms(form: Form, segment: Segment, result: Result) -> Job[Result]:
    """``result`` if it has the terms of the sentence, else another that has them."""
    wanted = find_terms(form)
    if wanted is None:
        return result
    better = yield from meet_terms(wanted, segment, result)
    if better is not None:
        return better
    missing = wanted.missing(result.translation.text)
    for some in choices(wanted, missing):
        source, stretch, context = with_spans(wanted, some)
        without = replace(context, terms=None)
        found = yield from translate_stretches(source, [stretch], without)
        put = inserted(wanted, found, some)
        if not wanted.missing(put.translation.text):
            break
    return put


def _translate_beside(sentence: Sentence, asides: Sequence[Span]) -> Job[Result]:
    """Translate the sentence without its asides; each goes where a mask in its place came back."""
    source, stretch, context = sentence
    outer = [span for span in asides if not stands_within(source.text, stretch, span)]
    if outer or len(asides) > _ASIDES:
        stretches = divide_at(source, stretch.start, stretch.end, outer or asides)
        return (yield from translate_stretches(source, stretches, context))
    alone, rest = without(source, stretch, asides)
    jobs: list[Job[Any]] = [translate_stretches(alone, [rest], context)]
    jobs += [_look(sentence, span, asides) for span in asides]
    whole, *sides = yield from together(jobs)
    if found := _with_asides(whole, sides, asides, source):
        return found
    stretches = divide_at(source, stretch.start, stretch.end, asides)
    return (yield from translate_stretches(source, stretches, context)).warned(IN_PIECES)


def _look(sentence: Sentence, span: Span, asides: Sequence[Span]) -> Job[tuple[str, str] | None]:
    """The text before and after ``span`` in a translation of the sentence; None if unclear."""
    source, stretch, context = sentence
    alone, rest = without(source, stretch, [other for other in asides if other != span])
    form = prepare(Sentence(alone, rest, context), context.palettes[0])
    if form is None or not (answer := (yield from ask(form, context.options))):
        return None
    [kept] = asides_of(rest)
    return around_mask(form, kept, answer.text)


def _with_asides(
    whole: Result,
    sides: Sequence[tuple[str, str] | None],
    asides: Sequence[Span],
    source: Source,
) -> Result | None:
    def written(text: str) -> str | None:
        found = [place(text, *own) if own else None for own in sides]
        known = [at for at in found if at is not None]
        if len(known) < len(asides) or known != sorted(known):
            return None
        return put_back(text, list(zip(known, asides, strict=True)), source)

    translation = whole.translation
    text = written(translation.text)
    if text is None:
        return None
    others = tuple(filter(None, map(written, translation.alternatives)))
    return replace(whole, translation=replace(translation, text=text, alternatives=others))


def _translate_again(sentence: Sentence) -> Job[Result | None]:
    """Retry with other masks."""
    context = sentence.context
    for form in islice(forms(sentence), 1, None):
        [segment] = context.segments([form.masked.text])
        if not context.is_too_long(segment):
            result = yield from translate_masked(form, segment)
            if result is not None:
                return result
    return None


def _translate_around(sentence: Sentence) -> Job[Result]:
    source, stretch, context = sentence
    stretches = clauses(source, stretch) if len(stretch.spans) > 1 else []
    if sum(len(part.spans) > 0 for part in stretches) < 2:
        stretches = around(source, stretch)
    return (yield from translate_stretches(source, stretches, context)).warned(IN_PIECES)


def _cut(form: Form, max_tokens: int) -> Iterator[Stretch]:
    source, stretch, context = form.sentence
    at = stretch.start
    length = 0
    for chunk in cut(form.masked.text, context.tokenize, max_tokens):
        length += len(chunk)
        end = stretch.start + masks.to_source(form.masked, length)
        if end > at:
            yield from trim(source, at, end)
            at = end
