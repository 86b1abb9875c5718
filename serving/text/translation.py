"""A text with its spans: divided, each sentence translated, joined."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from handlers import Segment
from serving.jobs import AT_ONCE, Job, together
from serving.text.context import Context
from serving.text.divide.asides import asides_of, place, put_back, stands_within, without
from serving.text.divide.chunks import Tokenize, cut
from serving.text.divide.division import Stretch, around, clauses, divide, divide_at, trim
from serving.text.divide.source import Source
from serving.text.joining import Part, Result, join
from serving.text.mend import masks
from serving.text.protect.spans import Span
from serving.text.sentence import (
    Form,
    around_mask,
    ask,
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
    forms = {
        index: None if asides_of(stretch) else prepare(source, stretch, context, palette)
        for index, stretch in enumerate(stretches)
        if stretch.is_sentence
    }
    texts = [form.masked.text if form else "" for form in forms.values()]
    segments = context.segments(texts)
    jobs = (
        _translate(source, stretches[index], form, segment, context)
        for (index, form), segment in zip(forms.items(), segments, strict=True)
    )
    results = dict(zip(forms, (yield from together(jobs)), strict=True))
    return [
        results.get(index) or source.literal(stretch.start, stretch.end)
        for index, stretch in enumerate(stretches)
    ]


def _translate(
    source: Source, stretch: Stretch, form: Form | None, segment: Segment, context: Context
) -> Job[Result]:
    if asides := asides_of(stretch):
        return (yield from _translate_beside(source, stretch, asides, context))
    if form is not None and (foreign := in_foreign_script(form, context)):
        return foreign
    if form is not None and context.max_tokens and len(segment.tokens) > context.max_tokens:
        chunks = list(_cut(form, context.tokenize, context.max_tokens))
        if len(chunks) > 1:
            return (yield from translate_stretches(source, chunks, context))
    if not stretch.spans and form is not None:
        plain = yield from translate_plain(form, segment, context)
        return (yield from _with_terms(source, stretch, form, segment, plain, context))
    result = None
    if form is not None and not context.is_too_long(segment):
        result = yield from translate_masked(form, segment, context)
        result = result or (yield from _translate_again(source, stretch, context))
        if result is not None:
            return (yield from _with_terms(source, stretch, form, segment, result, context))
    return result or (yield from _translate_around(source, stretch, context))


def _with_terms(
    source: Source,
    stretch: Stretch,
    form: Form | None,
    segment: Segment,
    result: Result,
    context: Context,
) -> Job[Result]:
    """``result`` if it has the terms of the sentence, else another that has them."""
    wanted = find_terms(source, stretch, context)
    if wanted is None:
        return result
    better = yield from meet_terms(wanted, form, segment, result)
    if better is not None:
        return better
    missing = wanted.missing(result.translation.text)
    without = replace(context, terms=None)
    in_capitals = form is not None and form.in_capitals
    for some in choices(wanted, missing):
        masked, own = with_spans(wanted, some, in_capitals)
        found = yield from translate_stretches(masked, [own], without)
        put = inserted(wanted, found, some)
        if not wanted.missing(put.translation.text):
            break
    return put


def _translate_beside(
    source: Source, stretch: Stretch, asides: Sequence[Span], context: Context
) -> Job[Result]:
    """Translate the sentence without its asides; each goes where a mask in its place came back."""
    outer = [span for span in asides if not stands_within(source.text, stretch, span)]
    if outer or len(asides) > _ASIDES:
        stretches = divide_at(source, stretch.start, stretch.end, outer or asides)
        return (yield from translate_stretches(source, stretches, context))
    alone, sentence = without(source, stretch, asides)
    jobs: list[Job[Any]] = [translate_stretches(alone, [sentence], context)]
    jobs += [_look(source, stretch, span, asides, context) for span in asides]
    whole, *sides = yield from together(jobs)
    if found := _with_asides(whole, sides, asides, source):
        return found
    stretches = divide_at(source, stretch.start, stretch.end, asides)
    return (yield from translate_stretches(source, stretches, context)).warned(IN_PIECES)


def _look(
    source: Source, stretch: Stretch, span: Span, asides: Sequence[Span], context: Context
) -> Job[tuple[str, str] | None]:
    """The text before and after ``span`` in a translation of the sentence; None if unclear."""
    alone, sentence = without(source, stretch, [other for other in asides if other != span])
    form = prepare(alone, sentence, context, context.palettes[0])
    if form is None or not (answer := (yield from ask(form, context.options, context))):
        return None
    [kept] = asides_of(sentence)
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


def _translate_again(source: Source, stretch: Stretch, context: Context) -> Job[Result | None]:
    """Retry with other masks, unless only numbers were used."""
    if all(span.kind == "number" for span in stretch.spans):
        return None
    form = prepare(source, stretch, context, context.palettes[1])
    if form is None:
        return None
    [segment] = context.segments([form.masked.text])
    if context.is_too_long(segment):
        return None
    return (yield from translate_masked(form, segment, context))


def _translate_around(source: Source, stretch: Stretch, context: Context) -> Job[Result]:
    stretches = clauses(source, stretch) if len(stretch.spans) > 1 else []
    if sum(len(part.spans) > 0 for part in stretches) < 2:
        stretches = around(source, stretch)
    return (yield from translate_stretches(source, stretches, context)).warned(IN_PIECES)


def _cut(form: Form, tokenize: Tokenize, max_tokens: int) -> Iterator[Stretch]:
    at = form.stretch.start
    length = 0
    for chunk in cut(form.masked.text, tokenize, max_tokens):
        length += len(chunk)
        end = form.stretch.start + masks.to_source(form.masked, length)
        if end > at:
            yield from trim(form.source, at, end)
            at = end
