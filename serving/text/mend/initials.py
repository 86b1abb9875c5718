"""The first letter of a part of a sentence: models begin whatever they are given with a capital."""

import re

_WORD = re.compile(r"[^\W\d_]+")
_NOUNS = ("de", "lb", "nds")
"""Languages that write nouns with capitals."""
_NAMES = (
    "i monday tuesday wednesday thursday friday saturday sunday january february march april "
    "may june july august september october november december english german portuguese "
    "french spanish italian dutch polish russian chinese japanese arabic turkish greek latin "
    "swedish danish norwegian finnish czech hungarian romanian korean hindi ukrainian "
    "american british european african asian brazilian mexican indian christian catholic "
    "jewish muslim"
)
_ENGLISH = frozenset(_NAMES.split())


def restore(translated: str, source: str, language: str) -> str:
    """``translated`` with a small letter where ``source`` begins with one.

    ``language`` is the translation's. ``NASA``, ``iPhone`` and ``English`` stay.
    """
    word = _WORD.match(translated)
    primary = language.partition("-")[0].lower()
    if word is None or not source[:1].islower() or primary in _NOUNS:
        return translated
    if not word[0].istitle() or (primary == "en" and word[0].lower() in _ENGLISH):
        return translated
    return word[0].lower() + translated[word.end() :]
