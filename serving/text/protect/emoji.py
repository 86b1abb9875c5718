"""Emoji, emoticons, arrows, dingbats, direction marks: runs are copied."""

import re
from collections.abc import Iterator

from serving.text.protect.spans import Span

_PICTURES = (
    r"\u00a9\u00ae\u203c\u2049\u2122\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2580-\u27bf"
    r"\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001fbff"
)
_PICTURE = rf"[{_PICTURES}]"
_MODIFIER = r"[\u200d\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
_RUN = rf"(?:[0-9#*]\ufe0f?\u20e3|{_PICTURE})(?:{_PICTURE}|{_MODIFIER})*"
_EMOTICON = r"(?<![^\s(])(?:[:;]['’]?-?[)(DPpOo3/|\\*]|=-?[)(DP]|8-[)(DP]|<3|\^\^)(?![^\s.,!?)])"
_DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_EMOJI = re.compile(f"{_RUN}|{_EMOTICON}|[{_DIRECTIONS}]+")
_SIGN = re.compile(rf"[{_PICTURES}{_DIRECTIONS}\u20e3:;=<^]")
"""One of these, or ``8-``, is in each match; few texts have one."""


def find_emoji(text: str) -> Iterator[Span]:
    if "8-" in text or _SIGN.search(text):
        for match in _EMOJI.finditer(text):
            yield Span(match.start(), match.end(), "apart")
