"""A language pair, as a model folder's name has it: `en_de`."""

import re
from dataclasses import dataclass

CODE = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
"""BCP 47: a language, then script, region, variants."""

_REGION = re.compile(r"-(?:[A-Za-z]{2}|[0-9]{3})(?=-|$)")
_PAIR = re.compile(rf"({CODE})_({CODE})")
_ARGOS = {"pb": "pt-BR", "zt": "zh-Hant"}  # Argos' own codes; no language has them in BCP 47


@dataclass(frozen=True, slots=True)
class Pair:
    """A source and a target BCP 47 code."""

    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source}_{self.target}"

    def is_same(self, other: "Pair") -> bool:
        """Whether both name the same languages: BCP 47 codes know no case."""
        return str(self).lower() == str(other).lower()


def parse_pair(text: str) -> Pair | None:
    """The pair that ``text`` names, Argos' codes in BCP 47; None where it names none."""
    match = _PAIR.fullmatch(text)
    return Pair(*(_ARGOS.get(code.lower(), code) for code in match.groups())) if match else None


def without_region(code: str) -> str:
    """The code without where it is spoken: `de` for `de-AT`, `zh-Hant` for `zh-Hant-HK`."""
    return _REGION.sub("", code, count=1)
