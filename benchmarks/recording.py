"""The server, which also writes each batch that its engine gets, as a line of JSON.

``python -m benchmarks.recording FILE ...``: the rest is what ``python -m serving`` takes.
"""

import json
import sys
from pathlib import Path
from typing import Any

from handlers import default
from serving.__main__ import main


def record(path: Path) -> None:
    """Of all engines made from now on: rows of tokens, and the options of the call."""
    file = path.open("w", encoding="utf-8")
    engine = default.ctranslate2.Translator

    class Recording(engine):  # type: ignore[misc, valid-type]
        def translate_batch(self, rows: list[list[str]], **options: Any) -> Any:
            file.write(json.dumps([rows, options]) + "\n")
            file.flush()
            return super().translate_batch(rows, **options)

    default.ctranslate2.Translator = Recording


if __name__ == "__main__":
    record(Path(sys.argv.pop(1)))
    main()
