"""`python -m benchmarks.fidelity`: real texts through the service, its models and none."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import ROOT
from benchmarks.fidelity import report
from benchmarks.fidelity.measure import CORRUPTIONS, Corrupting, Row, measure
from benchmarks.fidelity.service import Identity, Service
from benchmarks.fidelity.splits import wrong_splits
from benchmarks.fidelity.texts import Text, pages, sets
from handlers import ModelFolder
from handlers.default import DefaultHandler
from serving.text.warnings import NUMBERS_CHANGED, SYMBOLS_CHANGED

PAIRS = ("en_pt", "pt_en")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fidelity", description=__doc__)
    parser.add_argument("--pages", type=Path, help="a folder of English HTML files: their passages")
    parser.add_argument("--most", type=int, default=160, help="passages of them (%(default)s)")
    parser.add_argument("--pairs", nargs="+", default=PAIRS, help="of models/ (%(default)s)")
    parser.add_argument("--write", action="store_true", help="the tables into docs/text.md")
    options = parser.parse_args(arguments)
    rows = dict[tuple[str, str], Row]()
    alarms = dict[str, tuple[int, int]]()
    for pair in options.pairs:
        handler = DefaultHandler(ModelFolder(ROOT / "models" / pair))
        source, _, target = pair.partition("_")
        texts = sets(source)
        if options.pages and source == "en":
            texts["pages"] = pages(options.pages, options.most)
        for name, own in texts.items():
            rows[pair, name] = measure(own, Service(handler, source, target), handler)
            rows[f"none, {source}", name] = measure(own, Service(Identity(), source), Identity())
        if "numbers" in texts:
            alarms |= _corrupted(texts["numbers"], handler, source, target)
    found = report.tables(rows, wrong_splits(), alarms)
    print(found)
    if options.write:
        report.write(ROOT / "docs" / "text.md", found)
    return 0


def _corrupted(
    texts: Sequence[Text], handler: DefaultHandler, source: str, target: str
) -> dict[str, tuple[int, int]]:
    """Of each kind of corruption, how many there were and how many were flagged."""
    found = {}
    for name, corrupt in CORRUPTIONS.items():
        corrupting = Corrupting(handler, corrupt)
        service = Service(corrupting, source, target)
        flagged = made = 0
        for text in texts:
            before = corrupting.changed
            [own] = service([text.sent], text.form)
            if corrupting.changed > before:
                made += 1
                flagged += bool({NUMBERS_CHANGED, SYMBOLS_CHANGED} & {*own.warnings})
        found[name] = made, flagged
    return found


if __name__ == "__main__":
    sys.exit(main())
