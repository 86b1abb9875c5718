"""Texts to translations: a request is taken apart into jobs, their results are joined."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from serving.jobs import AT_ONCE, Job, together
from serving.plugins.guest import Guest
from serving.request import Request
from serving.service.asking import Asking
from serving.text.context import Context
from serving.text.divide.division import divide
from serving.text.divide.entities import read
from serving.text.divide.source import Source
from serving.text.divide.wrapping import Wrapped, paragraphs
from serving.text.glossary.terms import Terms
from serving.text.joining import Part, Result, join
from serving.text.paragraph import translate_wrapped
from serving.text.protect.terms import term_finder
from serving.text.protect.unknown_words import with_unknown_words
from serving.text.translation import translate_parts


@dataclass(frozen=True)
class Work:
    """A part of one text of a request."""

    text: int
    """The index of the text in the request."""
    size: int
    """Number of stretches."""
    job: Job[list[Part]]


def translate_texts(
    request: Request,
    source: str,
    target: str,
    handler: Guest,
    asking: Asking,
    recase: bool = True,
) -> list[Result]:
    """The whole way of all texts; ``source`` and ``target`` are language codes.

    ``recase``: text in capitals is translated as a sentence. Raises what `Asking.results` raises.
    """
    context = Context(
        request,
        source,
        target,
        handler.tokenize,
        handler.max_tokens,
        recase,
        handler.heeded,
        handler.masks,
        handler.knows,
        with_unknown_words(term_finder(request.keep), handler.knows),
        Terms(request.terms, source, target) if request.terms else None,
    )
    parts: list[list[Part]] = [[] for _ in request.texts]
    groups = _groups(_plan(context))
    for found in asking.results(map(_together, groups)):
        for text, own in found:
            parts[text] += own
    return [join(own) for own in parts]


def _plan(context: Context) -> Iterator[Work]:
    for index, text in enumerate(context.request.texts):
        if context.request.format == "text":
            yield from _text(index, text, context)
        else:
            yield Work(index, AT_ONCE, _translate_markup(text, context))


def _text(index: int, text: str, context: Context) -> Iterator[Work]:
    for part in [text] if context.request.split == "none" else paragraphs(text):
        if isinstance(part, str):
            yield from _blocks(index, read(part, context.find_kept), context)
        else:
            yield Work(index, len(part.breaks), _translate_wrapped(part, context))


def _blocks(index: int, source: Source, context: Context) -> Iterator[Work]:
    stretches = divide(source, context.source, context.request.split)
    while some := list(islice(stretches, AT_ONCE)):
        yield Work(index, len(some), translate_parts(source, some, context))


def _translate_wrapped(part: Wrapped, context: Context) -> Job[list[Part]]:
    return [(yield from translate_wrapped(part, context))]


def _translate_markup(text: str, context: Context) -> Job[list[Part]]:
    # Not at the top: most processes never see markup, whose import is a tenth of a start.
    from serving.text.markup.document import translate_markup

    return [(yield from translate_markup(text, context))]


def _groups(works: Iterable[Work]) -> Iterator[list[Work]]:
    """Blocks of short texts, so that many texts are one call of the model."""
    group: list[Work] = []
    size = 0
    for work in works:
        if group and size + work.size > AT_ONCE:
            yield group
            group, size = [], 0
        group.append(work)
        size += work.size
    if group:
        yield group


def _together(group: Sequence[Work]) -> Job[list[tuple[int, list[Part]]]]:
    found = yield from together([work.job for work in group])
    return [(work.text, parts) for work, parts in zip(group, found, strict=True)]
