"""A document of HTML or XML: its passages and its readable attributes translated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from serving.jobs import Job, together
from serving.text.context import Context
from serving.text.divide.division import divide
from serving.text.divide.source import Source
from serving.text.joining import Result, join
from serving.text.markup.attributes import read_values, write_value
from serving.text.markup.elements import VOID, NamedTags
from serving.text.markup.inline import translate_tagged
from serving.text.markup.outline import Outline, is_inline, outline, untranslated
from serving.text.markup.passage import Passage, tag_code
from serving.text.markup.plan import plan_tags
from serving.text.markup.tokens import Token, tokenize
from serving.text.protect.rules import protected_spans
from serving.text.protect.spans import Find
from serving.text.sentence import Sentence
from serving.text.translation import translate_source, translate_stretches


@dataclass(frozen=True)
class Markup:
    """A document taken apart: tokens, and passages of them."""

    tokens: list[Token]
    found: Outline
    parts: list[int | Passage]
    """A token that stays where it is, by its index, or a passage."""
    readable: list[int]
    """Start tags whose attributes are translated."""


_OPENING = ("start", "empty")
_STAND_INS = ("x", "ph")


def translate_markup(markup: str, context: Context) -> Job[Result]:
    """Translate a document; every tag and all that is not text comes back byte for byte."""
    request = context.request
    split = "none" if request.split == "none" else "sentences"
    context = replace(context, request=replace(request, split=split))
    named = NamedTags.of(request.ignore_tags, request.splitting_tags, request.non_splitting_tags)
    document = read(markup, request.format == "html", context.find_kept, named)
    passages = [part for part in document.parts if isinstance(part, Passage)]
    tags = [i for i in document.readable if next(read_values(document.tokens[i].raw), None)]
    jobs = (_translate_tag(document.tokens[index].raw, context) for index in tags)
    bodies = (_translate_passage(part, document, context) for part in passages)
    results = yield from together(chain(jobs, bodies))
    written = dict(zip(tags, results, strict=False))
    raws = {index: result.translation.text for index, result in written.items()}
    texts = iter(results[len(tags) :])
    return join(
        [
            _write(part, next(texts), document.tokens, raws)
            if isinstance(part, Passage)
            else written.get(part) or document.tokens[part].raw
            for part in document.parts
        ]
    )


def _translate_tag(tag: str, context: Context) -> Job[Result]:
    values = list(read_values(tag))
    sources = [Source.plain(v.text, protected_spans(v.text, context.find_kept)) for v in values]
    results = yield from together([translate_source(source, context) for source in sources])
    parts: list[str | Result] = []
    at = 0
    for value, result in zip(values, results, strict=True):
        text = write_value(tag, value, result.translation.text)
        new = replace(result.translation, text=text, alternatives=())
        parts += [tag[at : value.start], replace(result, translation=new)]
        at = value.end
    return join([*parts, tag[at:]])


def _translate_passage(passage: Passage, document: Markup, context: Context) -> Job[Result]:
    source = passage.source(document.found.partner)
    stretches = list(divide(source, context.source, context.request.split))
    plan = list(plan_tags(stretches, passage.tags, document.found.partner))
    jobs = (
        translate_tagged(Sentence(source, stretch, context), tags, elements)
        if tags
        else translate_stretches(source, [stretch], context)
        for stretch, _, tags, elements in plan
    )
    results = yield from together(jobs)
    parts: list[str | Result] = []
    for (_, before, _, _), result in zip(plan, results, strict=True):
        parts += [*(tag_code(tag.index) for tag in before), result]
    done = sum(len(before) + len(tags) for _, before, tags, _ in plan)
    return join([*parts, *(tag_code(tag.index) for tag in passage.tags[done:])])


def _write(
    passage: Passage, result: Result, tokens: Sequence[Token], tags: Mapping[int, str]
) -> Result:
    translation = result.translation
    text = passage.write(translation.text, tokens, tags)
    others = (passage.write(other, tokens, tags) for other in translation.alternatives)
    alternatives = tuple(other for other in dict.fromkeys(others) if other != text)
    return replace(result, translation=replace(translation, text=text, alternatives=alternatives))


def read(markup: str, is_html: bool, find_terms: Find, named: NamedTags) -> Markup:
    """Take a document apart, with what is asked of the elements ``named``."""
    tokens = tokenize(markup, is_html)
    found = outline(tokens, is_html)
    regions = untranslated(tokens, found, named.ignored, is_html)
    parts: list[int | Passage] = []
    index = 0
    while index < len(tokens):
        over = _over(index, tokens, found, regions)
        if not _stands_in_text(index, over, tokens, found, is_html, named):
            parts += range(index, over)
        else:
            last = parts[-1] if parts else index
            passage = last if isinstance(last, Passage) else Passage(find_terms=find_terms)
            if passage is not last:
                parts.append(passage)
            _add(passage, index, over, tokens, is_name=index in regions or not is_html)
        index = over
    kept = {i for start, end in regions.items() for i in range(start, end)}
    readable = [i for i, t in enumerate(tokens) if t.kind in _OPENING and i not in kept]
    return Markup(tokens, found, parts, readable)


def _over(index: int, tokens: Sequence[Token], found: Outline, regions: Mapping[int, int]) -> int:
    """The first token after the element at ``index``, if that is kept or empty; else the next."""
    if index in regions:
        return regions[index]
    return index + (2 if found.partner.get(index) == index + 1 else 1)


def _stands_in_text(
    index: int,
    over: int,
    tokens: Sequence[Token],
    found: Outline,
    is_html: bool,
    named: NamedTags,
) -> bool:
    token = tokens[index]
    if token.kind in ("text", "other"):
        return token.kind == "text"
    closed = index in found.partner or token.kind == "empty" or (is_html and token.name in VOID)
    return closed and is_inline(token, index, found, is_html, named)


def _add(passage: Passage, index: int, over: int, tokens: Sequence[Token], is_name: bool) -> None:
    token = tokens[index]
    if token.kind == "text":
        passage.add_text(token.raw)
    elif over > index + 1 or token.kind == "empty" or token.name in VOID:
        named = is_name or token.name in _STAND_INS
        passage.add_chunk(list(range(index, over)), "name" if named else "apart")
    else:
        passage.add_tag(index)
