"""End punctuation: a title or a label must not grow a full stop."""

_ENDS = ".!?。！？।"
_CLOSERS = "\"'”“’»«)]}」』）"


def has_end(text: str) -> bool:
    """Whether the text ends like a sentence, quotes and brackets left aside."""
    return text.rstrip(_CLOSERS + " ")[-1:] in (*_ENDS, "…", ":", ";", ",")


def restore(translated: str, source: str) -> str:
    """``translated`` without end punctuation that ``source`` does not have."""
    if has_end(source) or translated.endswith("..."):
        return translated
    ending = translated[-1:]
    if not ending or ending not in _ENDS or not translated[:-1].strip(_ENDS):
        return translated
    kept = translated[:-1].rstrip()
    return kept.removeprefix("¿").removeprefix("¡") if ending in "?!" else kept
