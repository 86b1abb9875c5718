"""Standard input, output and error: what may be missing there, and what a terminal may be sent."""

import os
import re
import sys

# All control characters but tab and line ends: a terminal obeys them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")


def harmless(text: str) -> str:
    """With U+FFFD for what a terminal would obey: texts and sentences come from a service."""
    return _CONTROL.sub("\ufffd", text)


def open_closed_streams() -> None:
    """Fills the places of standard streams that were closed (``>&-``), before another file does.

    Input is empty then, what is written to output is an error, and to error is lost.
    """
    kinds = (("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY))
    for name, flags in kinds:
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, flags)
            os.set_inheritable(descriptor, True)
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, os.fdopen(descriptor, mode, encoding="utf-8"))
