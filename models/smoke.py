"""`python -m models.smoke FOLDER TEXT`: load, translate, and tell the memory it took.

A process of its own, because a damaged model can end the process that loads it.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handlers import ModelError, ModelFolder, Options
from model_folder.firefox import find_firefox
from models.masks import best_masks, try_masks

_ROOT = Path(__file__).parents[1]
_TIMEOUT = 600  # seconds; the largest models take a minute or two on a laptop


@dataclass(frozen=True)
class Smoke:
    """One translation, the most memory in bytes that the process took, and what it copies."""

    text: str
    peak: int
    masks: Sequence[str] = ()
    """Empty where the usual ones are better, or the language has nothing to try them with."""


def smoke(folder: Path, text: str) -> Smoke:
    """Translate `text`, then a full load, in another process. Raises ModelError."""
    command = [sys.executable, "-m", "models.smoke", str(folder.resolve()), text]
    try:
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=_TIMEOUT)
    except subprocess.TimeoutExpired:
        raise ModelError(f"{folder}: no translation within {_TIMEOUT} seconds.") from None
    if done.returncode < 0:
        raise ModelError(
            f"{folder}: loading it ended with signal {-done.returncode}, as of a damaged model."
        )
    if done.returncode:
        raise ModelError((done.stderr.strip().splitlines() or ["no message"])[-1])
    return Smoke(**json.loads(done.stdout))


def measure(path: Path, text: str) -> Smoke:
    """In this process, which has to be a fresh one.

    The load is a full batch for each CPU: the longest segments, the widest beam.
    """
    # CTranslate2 imports these where it finds them; the container has neither.
    for name in ("torch", "transformers"):
        sys.modules[name] = None  # type: ignore[assignment]
    folder = ModelFolder(path)
    handler = load(folder)
    translation = handler.translate([text], Options())[0].text
    length = max(1, handler.max_tokens // max(1, len(handler.tokenize([text])[0])))
    handler.translate([" ".join([text] * length)] * 8 * (os.cpu_count() or 1), Options(beam_size=5))
    peak = _peak()
    with suppress(ModelError):  # no sentences in that language
        return Smoke(translation, peak, best_masks(try_masks(handler, folder.source)))
    return Smoke(translation, peak)


def load(folder: ModelFolder) -> Any:
    """The handler of ours that serves such a folder."""
    if find_firefox(folder.path):
        from handlers.firefox import FirefoxHandler

        return FirefoxHandler(folder)
    from handlers.default import DefaultHandler

    return DefaultHandler(folder)


def _peak() -> int:
    """Of this process and its own: Linux's VmHWM (proc(5)), in which ru_maxrss would include
    the parent's at the fork."""
    if Path("/proc/self/status").is_file():
        tasks = Path("/proc/self/task").glob("*/children")
        children = [pid for task in tasks for pid in task.read_text().split()]
        return sum(_high_water(Path("/proc", pid)) for pid in ("self", *children))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in bytes on macOS: getrusage(2)


def _high_water(process: Path) -> int:
    """Bytes."""
    return int((process / "status").read_text().split("VmHWM:")[1].split()[0]) * 1024


def main(folder: str, text: str) -> int:
    """Print the result as JSON."""
    try:
        found = measure(Path(folder), text)
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(vars(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
