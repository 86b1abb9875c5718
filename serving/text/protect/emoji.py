"""Emoji, emoticons, arrows, dingbats, direction marks: runs are copied."""

import re
from collections.abc import Iterator

from serving.text.protect.signs import lines_with
from serving.text.protect.spans import Span

_ASIDE = (
    r"\u00a9\u00ae\u2122\u231a\u231b\u23e9-\u23fa\u2600-\u2660\u2662-\u2664\u2666-\u2762\u2766-\u2775\u27b0\u27bf\u2b50"
    r"\U0001f000-\U0001fbff"
)
# Arrows, keys, numbers in circles, boxes; and hearts, which often are a verb.
_APART = (
    r"\u203c\u2049\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2580-\u27bf\u2900-\u297f\u2b00-\u2bff"
    r"\u3030\u303d\u3297\u3299"
)
_PICTURES = _ASIDE + _APART
_PICTURE = rf"[{_PICTURES}]"
_MODIFIER = r"[\u200d\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
_RUN = rf"(?:[0-9#*]\ufe0f?\u20e3|{_PICTURE})(?:{_PICTURE}|{_MODIFIER})*"
_EMOTICON = r"(?<![^\s(])(?:[:;]['’]?-?[)(DPpOo3/|\\*]|=-?[)(DP]|8-[)(DP]|<3|\^\^)(?![^\s.,!?)])"
_DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_EMOJI = re.compile(f"{_RUN}|{_EMOTICON}|[{_DIRECTIONS}]+")
_BESIDE = re.compile(rf"[{_ASIDE}{_DIRECTIONS}:;=8^]")
"""A run that begins with one of these is an aside; at any other run the sentence is divided."""
_SIGN = re.compile(rf"[{_PICTURES}{_DIRECTIONS}\u20e3:;=<^8](?:(?<!8)|(?=-))")
"""One of these is in each match; few lines have one."""


def find_emoji(text: str) -> Iterator[Span]:
    for start, end in lines_with(_SIGN, text):
        for match in _EMOJI.finditer(text, start, end):
            yield Span(*match.span(), "aside" if _BESIDE.match(match[0]) else "apart")
