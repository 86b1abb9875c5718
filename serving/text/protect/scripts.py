"""Scripts: which put spaces between words, and how wide their letters are."""

import re

# The first code point of scripts written without spaces, and the first after them.
_UNSPACED = (
    (0x0E00, 0x1000),  # Thai, Lao, Tibetan
    (0x1000, 0x10A0),  # Burmese
    (0x1780, 0x1800),  # Khmer
    (0x2E80, 0xA4D0),  # Chinese, Japanese, Yi
    (0xF900, 0xFB00),
    (0xFF00, 0xFFF0),
    (0x1B000, 0x1B300),
    (0x20000, 0x32000),
)

_SPANS = "".join(f"{chr(first)}-{chr(after - 1)}" for first, after in _UNSPACED)
_CHARACTER = re.compile(f"[{_SPANS}]")
SPACED = rf"[^\W_{_SPANS}]"
"""The pattern of a letter or digit of a script that puts spaces between words."""


def width(text: str) -> int:
    """Length in letters: a Chinese character counts as the three it stands for."""
    if text.isascii():  # most text, and ten times faster
        return len(text)
    return len(text) + 2 * len(_CHARACTER.findall(text))
