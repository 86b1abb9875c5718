"""End punctuation: a title or a label must grow neither a full stop nor a loose ``,`` or ``(``."""

_DANGLING = ",;:([{<–—- "
_ENDS = ".!?。！？।"
_CLOSERS = "\"'”“’»«)]}」』）"


def has_end(text: str) -> bool:
    """Whether the text ends like a sentence, quotes and brackets left aside."""
    return text.rstrip(_CLOSERS + " ")[-1:] in (*_ENDS, "…", ":", ";", ",")


def restore(translated: str, source: str) -> str:
    """``translated`` without end punctuation that ``source`` does not have."""
    if source[-1:].isalnum() and translated[-1:] in _DANGLING:
        translated = translated.rstrip(_DANGLING) or translated
    if has_end(source) or translated.endswith("..."):
        return translated
    ending = translated[-1:]
    if not ending or ending not in _ENDS or not translated[:-1].strip(_ENDS):
        return translated
    kept = translated[:-1].rstrip()
    return kept.removeprefix("¿").removeprefix("¡") if ending in "?!" else kept
