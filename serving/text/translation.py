"""A text with its spans: divided, each sentence translated, joined."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from handlers import Segment
from serving.jobs import AT_ONCE, Job, together
from serving.text.context import Context
from serving.text.divide.chunks import Tokenize, cut
from serving.text.divide.division import Stretch, around, clauses, divide, trim
from serving.text.divide.source import Source
from serving.text.joining import Part, Result, join
from serving.text.mend import masks
from serving.text.sentence import (
    Form,
    in_foreign_script,
    prepare,
    translate_masked,
    translate_plain,
)
from serving.text.term_steps import choices, find_terms, inserted, meet_terms, with_spans
from serving.text.warnings import IN_PIECES


def translate_source(source: Source, context: Context) -> Job[Result]:
    stretches = list(divide(source, context.source, context.request.split))
    return (yield from translate_stretches(source, stretches, context))


def translate_stretches(
    source: Source, stretches: Sequence[Stretch], context: Context
) -> Job[Result]:
    return join((yield from translate_parts(source, stretches, context)))


def translate_parts(
    source: Source, stretches: Sequence[Stretch], context: Context
) -> Job[list[Part]]:
    """Sentences side by side; everything else as it was written."""
    parts: list[Part] = []
    for start in range(0, len(stretches), AT_ONCE):
        parts += yield from _translate_some(source, stretches[start : start + AT_ONCE], context)
    return parts


def _translate_some(
    source: Source, stretches: Sequence[Stretch], context: Context
) -> Job[list[Part]]:
    forms = {
        index: prepare(source, stretch, context, context.palettes[0])
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
    """``result``, or another that has the terms of the sentence too."""
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
    result = yield from translate_stretches(source, stretches, context)
    translation = result.translation
    warnings = tuple(dict.fromkeys((*translation.warnings, IN_PIECES)))
    return replace(result, translation=replace(translation, warnings=warnings))


def _cut(form: Form, tokenize: Tokenize, max_tokens: int) -> Iterator[Stretch]:
    at = form.stretch.start
    length = 0
    for chunk in cut(form.masked.text, tokenize, max_tokens):
        length += len(chunk)
        end = form.stretch.start + masks.to_source(form.masked, length)
        if end > at:
            yield from trim(form.source, at, end)
            at = end
