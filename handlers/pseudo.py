"""A pseudo-localiser, English to ``en-XA``: no model, and a plugin to learn from.

Developers of user interfaces use it to find text that is cut off, glued
together or not translatable at all: letters get accents, the text grows by a
third, brackets show its ends. Placeholders and markup stay as they are. An
empty folder ``models/en_en-XA`` serves it.
"""

import re
from collections.abc import Sequence

from handlers import ModelFolder, Options, Register, Translation, hookimpl

_ACCENTED = str.maketrans(
    "ACDEGHIJKLNORSTUWYZacdeghijklnorstuwyz", "ÅÇÐÉĜĤÎĴĶĻÑÖŔŠŢÛŴÝŽåçðéĝĥîĵķļñöŕšţûŵýž"
)
# What opens is not looked for in itself, so that a row of `<` takes linear time.
_KEPT = re.compile(r"(\$?\{\{?[^{}]*\}?\}|%(?:\(\w+\))?(?:\d+\$)?[a-zA-Z]|<[^<>]*>)")


@hookimpl
def register_handlers(register: Register) -> None:
    register("en", "en-XA", PseudoHandler)


class PseudoHandler:
    def __init__(self, folder: ModelFolder) -> None:
        """Needs nothing from the folder: that it exists is enough."""

    def translate(self, segments: Sequence[str], options: Options) -> list[Translation]:
        return [Translation(pseudo(segment)) for segment in segments]


def pseudo(text: str) -> str:
    """``Save {n} files`` → ``[Šåvé {n} fîļéš ~~~~]``."""
    parts = _KEPT.split(text)
    parts[::2] = [part.translate(_ACCENTED) for part in parts[::2]]
    padding = "~" * -(-sum(map(len, parts[::2])) // 3)
    return f"[{''.join(parts)} {padding}]"
