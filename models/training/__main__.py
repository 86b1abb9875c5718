"""`python -m models.training`: train a pair from two text files, or fine-tune a model folder."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from model_folder import ModelError
from models.training import corpus
from models.training.start import SIZES
from models.training.work import Work, prepare


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 with one sentence on stderr when not."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except ModelError as error:
        print(f"models.training: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    first = commands.add_parser("prepare", help="filter and divide two files of sentences")
    first.add_argument("source", type=Path, help="a sentence a line")
    first.add_argument("target", type=Path, help="its translation in the same line")
    first.add_argument("work", type=Path, help="a new folder for this training")
    first.add_argument("--start", type=Path, metavar="FOLDER", help="a model folder to fine-tune")
    first.add_argument("--size", choices=SIZES, default="small", help="of a new model")
    first.add_argument("--words", type=int, default=8000, help="pieces of a new vocabulary")
    first.set_defaults(run=_prepare)
    second = commands.add_parser("train", help="train for some time, or go on; writes WORK/model")
    second.add_argument("work", type=Path)
    second.add_argument(
        "--minutes", type=float, required=True, help="in all, earlier runs included"
    )
    second.add_argument("--rate", type=float, help="default 1e-3; 1e-4 to fine-tune a model")
    second.add_argument("--tokens", type=int, help="a batch; default 1500, with CUDA 25000")
    second.add_argument("--dropout", type=float, default=0.1)
    second.add_argument("--smoothing", type=float, default=0.1, help="of labels")
    second.add_argument(
        "--device", choices=("cpu", "cuda"), help="default: CUDA where there is one"
    )
    second.set_defaults(run=_train)
    return parser


def _prepare(options: argparse.Namespace) -> None:
    pairs = corpus.read_pairs(options.source, options.target)
    work = prepare(options.work, pairs, options.start, options.size, options.words)
    sizes = ", ".join(f"{name} {len(work.part(name))}" for name in corpus.PARTS)
    print(f"{work.folder}: {len(pairs)} pairs read; {sizes}")


def _train(options: argparse.Namespace) -> None:
    learning, scores = _learning()
    work = Work(options.work)
    held = work.part("test")
    device = options.device or learning.best_device()
    plan = learning.Plan(
        minutes=options.minutes,
        rate=options.rate or (1e-3 if work.is_new else 1e-4),
        tokens=options.tokens or (25_000 if device == "cuda" else 1500),
        dropout=options.dropout,
        smoothing=options.smoothing,
        device=device,
    )
    learning.Training(work, plan, lambda line: print(line, flush=True)).run()
    for name, folder in (("before", work.start), ("after", work.model)):
        bleu, chrf = scores(folder, held)
        print(f"{name}: BLEU {bleu:.1f}, chrF {chrf:.1f} on {len(held)} held-out pairs")


def _learning() -> tuple[Any, Callable[[Path, list[corpus.Pair]], tuple[float, float]]]:
    """What needs torch and sacrebleu. Raises ModelError where one is missing."""
    if missing := [name for name in ("torch", "sacrebleu") if find_spec(name) is None]:
        raise ModelError(
            f"Training needs {' and '.join(missing)}. Run `make models-extra`,"
            " then the same command with .venv-models/bin/python."
        )
    from models.training import learning
    from models.training.scores import scores

    return learning, scores


if __name__ == "__main__":
    sys.exit(main())
