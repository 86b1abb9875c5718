"""Numbers: digits that are lost or new are worth a look."""

import re
import unicodedata
from collections import Counter

Digits = Counter[int]
_NONE: Digits = Counter()
_ASCII_DIGIT = re.compile("[0-9]")


def digits(text: str) -> Digits:
    """How often each digit stands in ``text``, in any script.

    Digits rather than numbers: ``1,000.5`` and ``1.000,5`` are the same amount,
    ``2026-05-03`` and ``03.05.2026`` the same day. A number that is spelled out
    (``5`` → ``fünf``) counts as changed.
    """
    if text.isascii() and not _ASCII_DIGIT.search(text):
        return _NONE
    return Counter(unicodedata.digit(c) for c in text if c.isdigit())
