"""Which words are forms of a dictionary's word: plural and case, as far as endings tell.

A form of one word must not be another word: no table takes gender for an ending (`casa`, `caso`),
or an agent for a plural (`Miete`, `Mieter`). In other languages a word has one form.
"""

import re
import unicodedata
from functools import lru_cache

_ENDINGS = {
    "en": ("s", "es"),
    "de": ("e", "en", "n", "er", "ern", "es", "s", "ens", "em", "nen", "se", "sen"),
    "nl": ("e", "en", "n", "s"),
    "pt": ("s", "es"),
    "es": ("s", "es"),
    "fr": ("s", "x"),
    "sv": ("n", "en", "et", "s", "ns", "ens", "ets", "or", "ar", "er", "orna", "arna", "erna"),
    "da": ("n", "en", "et", "s", "ens", "ets", "e", "er", "r", "ene", "erne"),
    "nb": ("n", "en", "et", "a", "s", "e", "er", "r", "ene", "ne"),
}
_CHANGES = {
    "en": (("y", "ies"), ("f", "ves"), ("fe", "ves")),
    "pt": (("ao", "oes"), ("ao", "aes"), ("l", "is"), ("il", "is"), ("il", "eis"), ("m", "ns")),
    "es": (("z", "ces"),),
    "fr": (("al", "aux"),),
    "it": (("o", "i"), ("a", "e"), ("e", "i"), ("io", "i")),
}
_PLURALS = {
    "en": ((r"(?<![aeou])y", "ies"), (r"(s|x|z|ch|sh)", r"\1es"), (r"", "s")),
    "pt": (
        *((r"ão", "ões"), (r"m", "ns"), (r"([aou])l", r"\1is"), (r"el", "éis"), (r"il", "is")),
        *((r"([rz])", r"\1es"), (r"s", "s"), (r"", "s")),
    ),
    "es": ((r"z", "ces"), (r"([aeiouáéíóú])", r"\1s"), (r"", "es")),
    "fr": ((r"([sxz])", r"\1"), (r"al", "aux"), (r"(eau|eu)", r"\1x"), (r"", "s")),
}
"""Of languages whose plural an ending makes: what a noun ends with, and its plural then."""
_ADJECTIVES = {"de": ("e", "er", "es", "en", "em"), "nl": ("e",)}
_COMPOUNDS = frozenset(("de", "nl", "sv", "da", "nb"))
_SAME_AS = {"no": "nb", "nn": "nb"}
_SHORTEST = 4
"""Letters of a word that is looked for in compounds."""
_LONGEST = 64
"""Characters of a word that is remembered: callers send what they like."""


def primary(language: str) -> str:
    """The key of a code's language in the tables: no region, one Norwegian."""
    code = language.partition("-")[0].lower()
    return _SAME_AS.get(code, code)


def fold(word: str) -> str:
    """The word without case and accents."""
    return _fold(word) if len(word) <= _LONGEST else _fold.__wrapped__(word)


@lru_cache(maxsize=20_000)
def _fold(word: str) -> str:
    plain = word.casefold()
    if plain.isascii():
        return plain
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


def forms(word: str, language: str, is_last: bool = True) -> frozenset[str]:
    """The forms of a word, folded; ``language`` as `primary` has it.

    The last word of a term is taken for a noun, those before it for adjectives.
    """
    found = _forms if len(word) <= _LONGEST else _forms.__wrapped__
    return found(word, language, is_last)


@lru_cache(maxsize=10_000)
def _forms(word: str, language: str, is_last: bool) -> frozenset[str]:
    base = fold(word)
    if not word.isalpha():
        return frozenset((base,))
    found = {base, *(base + ending for ending in _ENDINGS.get(language, ()))}
    for old, new in _CHANGES.get(language, ()):
        if base.endswith(old):
            found.add(base.removesuffix(old) + new)
    if not is_last:
        endings = _ADJECTIVES.get(language, ())
        stems = {base.removesuffix(e) for e in endings if base.endswith(e) and len(base) > 4}
        found |= {stem + ending for stem in stems for ending in ("", *endings)}
    return frozenset(found)


def plural(word: str, language: str) -> str:
    """The word's plural, as most nouns make it; the word itself where no table tells."""
    for ending, new in _PLURALS.get(language, ()):
        found, count = re.subn(rf"{ending}\Z", new, word, count=1)
        if count:
            return found
    return word


def is_form(word: str, of: str, language: str, is_last: bool = True) -> bool:
    """Whether ``word`` is ``of``, or a form of it; not where an accent alone differs."""
    if fold(word) == fold(of):
        same = word.casefold() == of.casefold()
        return same or (language == "de" and word[:1].isupper())  # Vater, Väter
    return fold(word) in forms(of, language, is_last)


def is_part(word: str, of: str, language: str) -> bool:
    """Whether the compound ``of`` begins or ends with ``word``, which may be inflected."""
    if language not in _COMPOUNDS or len(word) < _SHORTEST or not word.isalpha():
        return False
    compound = fold(of)
    return compound.startswith(fold(word)) or compound.endswith(tuple(forms(word, language)))
