"""How the terms of a sentence are met: by steps, each verified, the first that holds.

Engines know no lexical constraints. So a translation that has a term already is taken as it is;
else one of the beam's other translations that has it; else what the term was translated to, as
the engine's attention tells, gives way to it; else the term stands in the source in place of
the word, which most models then copy; else it is put in by a mask (`serving.text.translation`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from handlers import AlignedTranslation, Segment, Term, Translation
from serving.jobs import Ask, Job
from serving.text.aligned import place_of
from serving.text.glossary.terms import Occurrence, Terms
from serving.text.joining import Result
from serving.text.mend import masks
from serving.text.protect.spans import Span
from serving.text.sentence import Form, Sentence, ask, finish, is_faulty, prepare
from serving.text.warnings import TERM_INSERTED

FOUND, ALTERNATIVE, ALIGNED, IN_SOURCE = "found", "alternative", "aligned", "in_source"
INSERTED, MISSING = "inserted", "missing"
_ALTERNATIVES = 3
_KIND = "term"


@dataclass(frozen=True)
class Wanted:
    """The terms that one sentence has, and whether a translation of it has them too."""

    form: Form
    occurrences: Sequence[Occurrence]
    terms: Terms

    def missing(self, text: str) -> list[Occurrence]:
        """The occurrences of terms that ``text`` has less often than the source has them."""
        said = self._without_spans(text)
        needed = Counter(each.target for each in self.occurrences)
        said_so_often = self.terms.counts(said, needed)
        lacking = {target for target, n in needed.items() if said_so_often[target] < n}
        return [each for each in self.occurrences if each.target in lacking]

    def noted(
        self, translation: Translation, before: Sequence[Occurrence], met: str
    ) -> Translation:
        """``translation`` that says of each term how it was met: of those in ``before`` by ``met``.

        Without alternatives that lack a term.
        """
        late = {each.target for each in before}
        lost = {each.target for each in self.missing(translation.text)}
        terms = {
            each.target: Term(
                each.term,
                each.target,
                MISSING if each.target in lost else met if each.target in late else FOUND,
            )
            for each in self.occurrences
        }
        others = (other for other in translation.alternatives if not self.missing(other))
        return replace(translation, alternatives=tuple(others), terms=tuple(terms.values()))

    def _without_spans(self, text: str) -> str:
        """``text`` without its protected strings: what stands in one is no term."""
        source, stretch, _ = self.form.sentence
        for span in stretch.spans:
            text = text.replace(source.literal(span.start, span.end), " ", 1)
        return text


def find_terms(form: Form) -> Wanted | None:
    """The terms of a sentence outside its protected strings; None if it has none."""
    source, stretch, context = form.sentence
    if context.terms is None:
        return None
    start = stretch.start
    found = (
        each._replace(start=start + each.start, end=start + each.end)
        for each in context.terms.find(source.text[start : stretch.end])
    )
    free = [each for each in found if not _overlaps(each, stretch.spans)]
    return Wanted(form, free, context.terms) if free else None


def meet_terms(wanted: Wanted, segment: Segment, first: Result) -> Job[Result | None]:
    """A translation with all terms; None where only a mask can put them in."""
    missing = wanted.missing(first.translation.text)
    if not missing:
        return replace(first, translation=wanted.noted(first.translation, (), FOUND))
    for step in (_among_others, _in_source):
        found = yield from step(wanted, segment, missing)
        if found is not None:
            return Result(found, len(segment.tokens))
    return None


def _among_others(
    wanted: Wanted, segment: Segment, missing: Sequence[Occurrence]
) -> Job[Translation | None]:
    """The first of the beam that has all terms; else its best with the aligned words replaced."""
    form, context = wanted.form, wanted.form.sentence.context
    count = max(context.options.alternatives, _ALTERNATIVES)
    options = context.heeded(replace(context.options, alternatives=count, alignment=True))
    if options == context.options:
        return None
    [answer] = yield [Ask(segment, options)]
    if is_faulty(form, answer):
        return None
    for text in (answer.text, *answer.alternatives):
        found = finish(form, replace(_plain(answer), text=text))
        if found and not wanted.missing(found.text):
            return wanted.noted(found, missing, ALTERNATIVE)
    if not isinstance(answer, AlignedTranslation):
        return None
    replaced = _replaced(wanted, answer)
    found = finish(form, replace(_plain(answer), text=replaced)) if replaced else None
    if found is None or wanted.missing(found.text):
        return None
    return wanted.noted(found, missing, ALIGNED)


def _plain(answer: Translation) -> Translation:
    return Translation(answer.text, (), answer.score, answer.warnings)


def _replaced(wanted: Wanted, answer: AlignedTranslation) -> str | None:
    """The answer's text, each missing term in place of its translation; None if that is unclear."""
    form = wanted.form
    finished = finish(form, _plain(answer))
    missing = wanted.missing(finished.text) if finished else ()
    start = form.sentence.stretch.start
    changes: list[tuple[int, int, str]] = []
    for each in missing:
        place = place_of(answer, *(masks.from_source(form.masked, at - start) for at in each[:2]))
        if place is None or any(mask in answer.text[slice(*place)] for mask in form.masked.masks):
            return None
        target = wanted.terms.in_number(each, answer.text[slice(*place)])
        changes.append((*place, target))
    changes.sort()
    if any(first[1] > second[0] for first, second in pairwise(changes)):
        return None
    text = answer.text
    for start, end, target in reversed(changes):
        begins = start == 0 and text[:1].isupper()
        text = text[:start] + (_capitalised(target) if begins else target) + text[end:]
    return text


def _in_source(
    wanted: Wanted, _: Segment, missing: Sequence[Occurrence]
) -> Job[Translation | None]:
    """A translation of the sentence with the missing terms written in place of its own words."""
    sentence = with_spans(wanted, missing)
    stretch, context = sentence.stretch, sentence.context
    palette = {**context.palettes[0]}
    kinds = {}
    for number, each in enumerate(missing):
        kinds[each.start, each.end] = f"{_KIND}{number}"
        palette[f"{_KIND}{number}"] = (each.target,)
    spans = tuple(
        replace(span, kind=kinds.get((span.start, span.end), span.kind)) for span in stretch.spans
    )
    switched = prepare(sentence._replace(stretch=replace(stretch, spans=spans)), palette)
    if switched is None:
        return None
    visible = _of_protected(switched)
    answer = yield from ask(visible, context.options)
    if answer is None or is_faulty(visible, answer):
        return None
    found = finish(visible, answer)
    if found is None or wanted.missing(found.text):
        return None
    return wanted.noted(found, missing, IN_SOURCE)


def _of_protected(form: Form) -> Form:
    """The form with its terms as words, which the answer need not bring back like masks."""
    masked = form.masked
    pairs = zip(masked.masks, masked.spans, strict=True)
    kept = [(mask, span) for mask, span in pairs if not span.kind.startswith(_KIND)]
    own = masks.Masked(masked.text, tuple(m for m, _ in kept), tuple(s for _, s in kept))
    return replace(form, masked=own)


def with_spans(wanted: Wanted, some: Iterable[Occurrence]) -> Sentence:
    """The sentence with ``some`` of its terms as protected strings, written as they are wanted."""
    source, stretch, context = wanted.form.sentence
    written = {(each.start, each.end): source.escape(_cased(wanted, each)) for each in some}

    def literal(start: int, end: int) -> str:
        return written.get((start, end)) or source.literal(start, end)

    spans = tuple(sorted([*stretch.spans, *(Span(*place) for place in written)]))
    masked = replace(source, spans=spans, literal=literal)
    return Sentence(masked, replace(stretch, spans=spans), context)


def _cased(wanted: Wanted, each: Occurrence) -> str:
    if wanted.form.in_capitals:
        return each.target.upper()
    source, stretch, _ = wanted.form.sentence
    begins = each.start == stretch.start and source.text[each.start].isupper()
    return _capitalised(each.target) if begins and not stretch.is_part else each.target


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def inserted(wanted: Wanted, result: Result, missing: Sequence[Occurrence]) -> Result:
    """A translation into which masks have put the ``missing`` terms."""
    noted = wanted.noted(result.translation, missing, INSERTED)
    return replace(result, translation=noted).warned(TERM_INSERTED)


def choices(wanted: Wanted, missing: Sequence[Occurrence]) -> Iterator[Sequence[Occurrence]]:
    """Which terms to put in by masks: the missing ones, and if that loses another, all."""
    yield missing
    if len(missing) < len(wanted.occurrences):
        yield wanted.occurrences


def _overlaps(each: Occurrence, spans: Sequence[Span]) -> bool:
    return any(span.start < each.end and each.start < span.end for span in spans)
