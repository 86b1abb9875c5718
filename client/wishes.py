"""How texts are translated, beside their languages: the fields of the container's contract."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Wishes:
    format: str = "text"
    """``text``, ``html`` or ``xml``."""
    keep: tuple[str, ...] = ()
    """Terms that are not translated."""
    split: str = "sentences"
    """``sentences``, ``punctuation`` or ``none``."""
    alternatives: int = 0

    def fields(self) -> dict[str, Any]:
        """Those that are not what a service does anyway."""
        wished = {
            "format": self.format,
            "keep": list(self.keep),
            "split": self.split,
            "alternatives": self.alternatives,
        }
        usual = {"format": "text", "keep": [], "split": "sentences", "alternatives": 0}
        return {name: value for name, value in wished.items() if value != usual[name]}


PLAIN = Wishes()
