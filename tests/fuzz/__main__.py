"""Look for bytes that break a promise, guided by what code they reach, for some minutes.

`python -m tests.fuzz TARGET SECONDS`; needs atheris, which `make soak` installs. What breaks
something is written to `tests/fuzz/corpus/TARGET`, where the normal tests find it; all else
that was new is kept in `.cache/fuzz`.
"""

import resource
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["serving", "gateway", "models", "handlers", "bottle"]):
    from tests.fuzz.targets import LARGEST, TARGETS, check

HERE = Path(__file__).parent
GROWTH = 250  # MB that a target may take in all its time


def main(name: str, seconds: str) -> None:
    corpus, found = HERE / "corpus" / name, HERE.parents[1] / ".cache" / "fuzz" / name
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    limit = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 + GROWTH
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LARGEST}",
        f"-rss_limit_mb={limit}",
        f"-artifact_prefix={corpus}/",
        "-timeout=60",
        "-report_slow_units=60",  # the first loads a model of languages
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(found), str(corpus)], _checked(name))
    atheris.Fuzz()


def _checked(name: str):
    target = TARGETS[name]
    return lambda data: check(target, data)


main(*sys.argv[1:])
