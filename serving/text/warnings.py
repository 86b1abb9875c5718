"""Every warning there is; `docs/text.md` says what each means."""

from collections import Counter
from collections.abc import Mapping
from functools import cache

IN_PIECES = "translated_in_pieces"
NUMBERS_CHANGED = "numbers_changed"
SYMBOLS_CHANGED = "symbols_changed"
REPETITION = "repetition"
TRUNCATED = "output_truncated"  # the handler says so
SCRIPT_UNKNOWN = "script_unknown"
UNTRANSLATED = "untranslated"
TERM_INSERTED = "term_inserted"
UNSURE = "unsure"  # of whole texts, by their scores: serving.service.translator


def labels(counts: Mapping[str, int]) -> Counter[str]:
    """The counts by the codes above; those of a handler's own are counted as `other`."""
    found: Counter[str] = Counter()
    for code, count in counts.items():
        found[code if code in _codes() else "other"] += count
    return found


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for name, code in globals().items() if name.isupper())
