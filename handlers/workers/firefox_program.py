"""`python firefox_program.py MODEL SOURCE_VOCABULARY TARGET_VOCABULARY [SHORTLIST]`.

Firefox's engine in a process of its own: one sentence a line as JSON, its translation a line
as JSON. Imports nothing of ours, so that it starts quickly, wherever it lies.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any


def main(files: list[str]) -> int:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # whatever else prints, prints elsewhere
    try:
        engine = _load(files)
    except (OSError, ValueError, ImportError) as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), file=answers)
        return 1
    print(json.dumps({"ready": engine.backend()}), file=answers)
    for line in sys.stdin.buffer:
        print(json.dumps(engine.translate(json.loads(line))), file=answers)
    return 0


def _load(files: list[str]) -> Any:
    from fxtranslate import Translator

    return Translator(*(Path(name).read_bytes() for name in files))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
