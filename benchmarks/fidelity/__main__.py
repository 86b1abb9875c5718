"""`python -m benchmarks.fidelity`: real texts through the service, its models and none."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import ROOT
from benchmarks.fidelity import report
from benchmarks.fidelity.measure import (
    ALARMS,
    CORRUPTIONS,
    Corrupting,
    as_the_model,
    figures,
    measure,
)
from benchmarks.fidelity.peers import peers
from benchmarks.fidelity.report import Found
from benchmarks.fidelity.service import Identity, Service
from benchmarks.fidelity.splits import wrong_splits
from benchmarks.fidelity.texts import Text, named, passages, sets, single
from handlers import ModelFolder, Options
from handlers.default import DefaultHandler

PAIRS = ("en_pt", "pt_en")


def main(arguments: Sequence[str] | None = None) -> int:
    """1 if anything is changed where the model changes nothing."""
    options = _options(arguments)
    found = Found()
    for pair in options.pairs:
        _measure(pair, options, found)
    page = report.tables(found, wrong_splits())
    print(page)
    if options.write:
        report.write(ROOT / "docs" / "text.md", page)
    return int(report.changed(found) > 0)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fidelity", description=__doc__)
    parser.add_argument("--pages", type=Path, help="a folder of English HTML files: their passages")
    parser.add_argument("--most", type=int, default=160, help="passages of them (%(default)s)")
    parser.add_argument("--pairs", nargs="+", default=PAIRS, help="of models/ (%(default)s)")
    parser.add_argument("--peers", type=Path, help="a folder with other programs to measure too")
    parser.add_argument("--write", action="store_true", help="the tables into docs/text.md")
    return parser.parse_args(arguments)


def _measure(pair: str, options: argparse.Namespace, found: Found) -> None:
    handler = DefaultHandler(ModelFolder(ROOT / "models" / pair))
    source, _, target = pair.partition("_")
    service = Service(handler, source, target)
    texts = sets(source)
    if options.pages and source == "en":
        texts["given pages"] = passages(options.pages, options.most)
    for name, own in texts.items():
        found.rows[pair, name] = measure(own, service, handler)
        found.rows[f"none, {source}", name] = measure(own, Service(Identity(), source), Identity())
    sentences = single()
    if source != "en":
        back = DefaultHandler(ModelFolder(ROOT / "models" / f"{target}_{source}"))
        sentences = [own.text for own in back.translate(sentences, Options())]
    found.single[pair] = as_the_model(sentences, service, handler), len(sentences)
    if "numbers" in texts:
        found.corrupted[pair] = _corrupted(texts["numbers"], handler, source, target)
    if options.peers:
        for program, translate in peers(options.peers, handler, source, target).items():
            for name in ("html", "pages"):
                row = measure([named(text) for text in texts[name]], translate, handler)
                found.peers[program, pair, name] = row


def _corrupted(
    texts: Sequence[Text], handler: DefaultHandler, source: str, target: str
) -> dict[str, tuple[int, int]]:
    """Of each kind of corruption, how many a client would get and how many were flagged."""
    sent = [text.sent for text in texts]
    whole = Service(handler, source, target)(sent, "text")
    found = {}
    for name, corrupt in CORRUPTIONS.items():
        corrupted = Service(Corrupting(handler, corrupt), source, target)(sent, "text")
        pairs = zip(corrupted, whole, strict=True)
        made = [a for a, b in pairs if figures(a.text) != figures(b.text)]
        found[name] = len(made), sum(any(code in own.warnings for code in ALARMS) for own in made)
    return found


if __name__ == "__main__":
    sys.exit(main())
