"""A language pair as a folder name: `en_fr`, `en_pt-BR`."""

import re

from models.errors import ModelError

_CODE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"  # BCP 47: a language, then script, region, variants
_PAIR = re.compile(rf"({_CODE})_({_CODE})")


def parse_pair(text: str) -> tuple[str, str]:
    """Source and target of `source_target`. Raises ModelError for any other spelling."""
    match = _PAIR.fullmatch(text)
    if match is None:
        raise ModelError(
            f"{text!r} is not a language pair: write source_target, such as en_fr or en_pt-BR"
        )
    return match[1], match[2]
