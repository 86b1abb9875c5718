"""What elements were translated to, as the engine's attention says, where it tells.

One more translation a sentence, the same as the first, for all of its elements.
"""

from collections.abc import Sequence
from dataclasses import replace

from handlers import AlignedTranslation
from serving.jobs import Job
from serving.text.aligned import place_of
from serving.text.markup.finding import Range
from serving.text.mend import masks
from serving.text.sentence import Form, Sentence, ask, prepare


def said_by_attention(sentence: Sentence, elements: Sequence[Range]) -> Job[list[str | None]]:
    """The translated words of each element; None where they stand apart, or hold a mask."""
    nothing: list[str | None] = [None] * len(elements)
    context = sentence.context
    options = context.heeded(replace(context.options, alignment=True))
    form = prepare(sentence, context.palettes[0])
    if options == context.options or form is None or not _has_same_places(form):
        return nothing
    answer = yield from ask(form, options)
    if not isinstance(answer, AlignedTranslation):
        return nothing
    return [_said(form, answer, element) for element in elements]


def _has_same_places(form: Form) -> bool:
    return not form.in_capitals and len(form.marked) == len(form.masked.text)


def _said(form: Form, answer: AlignedTranslation, element: Range) -> str | None:
    first = form.sentence.stretch.start
    start, end = (masks.from_source(form.masked, at - first) for at in element)
    place = place_of(answer, start, end)
    said = answer.text[slice(*place)] if place else ""
    return None if any(mask in said for mask in form.masked.masks) else said or None
