"""`python -m benchmarks.terms FOLDER SOURCE TARGET [COUNT]`: which step meets a term, the cost.

FOLDER is a model's; SOURCE and TARGET are the two sides of a test set, a sentence a line. Terms are
taken from the test set itself: pairs of words that stand together far more often than by chance.

Two glossaries are tried on sentences that have a term. In the first each term is as the reference
has it. In the second it is another term's: a word that no model would say, so that every term has
to be put in; the reference is changed alike. chrF lost is what the plain translation reaches
against the plain reference, less what the glossary's reaches against the changed one.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from sacrebleu.metrics import CHRF

from handlers import ModelFolder
from handlers.contract.translation import Translation
from handlers.default import DefaultHandler
from serving.lanes.cache import Cache
from serving.plugins.models import Model
from serving.request import Request
from serving.service.translator import Translator
from serving.text import term_steps

_WORD = re.compile(r"[^\W\d_]{4,}")
_OFTEN = 3  # times that a term stands in the test set, at least
_TOGETHER = 0.6  # Dice's coefficient
_MET = (
    term_steps.FOUND,
    term_steps.ALTERNATIVE,
    term_steps.ALIGNED,
    term_steps.IN_SOURCE,
    term_steps.INSERTED,
    term_steps.MISSING,
)


class Case(NamedTuple):
    """A sentence, its reference, and terms with what they are to be."""

    source: str
    reference: str
    terms: dict[str, str]


def main(arguments: Sequence[str]) -> None:
    folder, source, target, *count = arguments
    pairs = list(zip(_lines(source), _lines(target), strict=True))
    model = ModelFolder(folder)
    served = Model(model, None, DefaultHandler(model))  # type: ignore[arg-type]
    translator = Translator([served], 10**9, cache=Cache(10**6, 10**9))
    lexicon = _lexicon(pairs)
    cases = list(_cases(pairs, lexicon))[: int(*count) if count else 500]
    plain = _translate(translator, [case._replace(terms={}) for case in cases])
    print(f"{len(cases)} sentences, {sum(len(c.terms) for c in cases)} terms of {len(lexicon)}")
    print("chrF without a glossary:", _chrf(plain, cases))
    _report("as the reference", translator, cases, plain, cases)
    foreign = _foreign(lexicon)
    others = [_changed(case, foreign) for case in cases]
    _report("another term's", translator, others, plain, cases)
    for step in ("aligned", "in_source", "inserted"):
        with _only(step):
            _report(f"another term's, {step} alone", translator, others, plain, cases)


def _lines(path: str) -> list[str]:
    return Path(path).read_text("utf-8").splitlines()


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text) if word.islower()}


def _lexicon(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The target word that goes with each source word, of those that do so nearly always."""
    sources, targets, both = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for source, target in pairs:
        mine, theirs = _words(source), _words(target)
        sources.update(mine)
        targets.update(theirs)
        both.update((one, other) for one in mine for other in theirs)
    found: dict[str, tuple[float, str]] = {}
    for (one, other), count in both.items():
        dice = 2 * count / (sources[one] + targets[other])
        if count >= _OFTEN and dice >= max(_TOGETHER, found.get(one, (0.0, ""))[0]):
            found[one] = dice, other
    return {one: other for one, (_, other) in sorted(found.items())}


def _cases(pairs: Sequence[tuple[str, str]], lexicon: dict[str, str]) -> Iterator[Case]:
    for source, target in pairs:
        known = [word for word in _words(source) if lexicon.get(word) in _words(target)]
        once = [word for word in known if len(re.findall(rf"\b{word}", source)) == 1]
        terms = {word: lexicon[word] for word in sorted(once)[:3]}
        if terms:
            yield Case(source, target, terms)


def _foreign(lexicon: dict[str, str]) -> dict[str, str]:
    """For each target word that of another term: the one halfway through the alphabet."""
    targets = sorted(set(lexicon.values()))
    half = len(targets) // 2
    return dict(zip(targets, targets[half:] + targets[:half], strict=True))


def _changed(case: Case, foreign: dict[str, str]) -> Case:
    reference = case.reference
    for target in case.terms.values():
        reference = re.sub(rf"\b{target}\b", foreign[target], reference)
    terms = {source: foreign[target] for source, target in case.terms.items()}
    return Case(case.source, reference, terms)


def _translate(translator: Translator, cases: Sequence[Case]) -> list[Translation]:
    """A request for each: each has terms of its own."""
    requests = (Request((case.source,), terms=case.terms) for case in cases)
    return [translator.translate(request).translations[0] for request in requests]


def _chrf(translations: Sequence[Translation], cases: Sequence[Case]) -> float:
    texts, references = [t.text for t in translations], [case.reference for case in cases]
    return round(CHRF().corpus_score(texts, [references]).score, 1) if texts else float("nan")


def _report(
    name: str,
    translator: Translator,
    cases: Sequence[Case],
    plain: Sequence[Translation],
    originals: Sequence[Case],
) -> None:
    found = _translate(translator, cases)
    met = Counter(term.met for each in found for term in each.terms)
    total = sum(met.values())
    print(f"\n{name}: {total} terms; chrF {_chrf(found, cases)}")
    for step in _MET:
        own = [at for at, each in enumerate(found) if step in {term.met for term in each.terms}]
        before = _chrf([plain[at] for at in own], [originals[at] for at in own])
        after = _chrf([found[at] for at in own], [cases[at] for at in own])
        share = 100 * met[step] / total
        print(f"  {step}: {share:.1f} % of terms; chrF of their sentences {before} -> {after}")


def _never(*_: Any) -> Any:
    return None
    yield


@contextmanager
def _only(step: str) -> Iterator[None]:
    """Of the steps between what is there already and a mask, that one alone."""
    others = mock.patch.object(term_steps, "_among_others", _never)
    source = mock.patch.object(term_steps, "_in_source", _never)
    off = {"aligned": (source,), "in_source": (others,), "inserted": (others, source)}
    with ExitStack() as stack:
        for each in off[step]:
            stack.enter_context(each)
        yield


if __name__ == "__main__":
    main(sys.argv[1:])
