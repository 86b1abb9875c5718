"""Sentences broken on purpose: what a model is bound to fail on, to calibrate it with."""

import random
from collections.abc import Iterator, Sequence

STRANGERS = {
    "cs": "Zítra ráno pojedeme vlakem k babičce na venkov.",
    "da": "Hun købte en ny cykel til sin datter i går.",
    "de": "Der Vertrag verlängert sich um ein Jahr, wenn er nicht gekündigt wird.",
    "en": "The neighbours complained about the noise from the building site.",
    "es": "El ayuntamiento ha decidido cerrar la calle durante las obras.",
    "et": "Homme hommikul sõidame rongiga maale vanaema juurde.",
    "fi": "Naapurit valittivat rakennustyömaan melusta koko kesän.",
    "fr": "Le conseil a décidé de fermer la rue pendant les travaux.",
    "hu": "A szomszédok egész nyáron panaszkodtak az építkezés zajára.",
    "id": "Para tetangga mengeluh tentang kebisingan dari lokasi pembangunan.",
    "it": "Il comune ha deciso di chiudere la strada durante i lavori.",
    "nl": "De buren klaagden over het lawaai van de bouwplaats.",
    "pl": "Sąsiedzi skarżyli się na hałas z placu budowy.",
    "pt": "Os vizinhos reclamaram do barulho da obra durante todo o verão.",
    "ro": "Vecinii s-au plâns de zgomotul de pe șantier toată vara.",
    "sv": "Grannarna klagade på bullret från byggarbetsplatsen hela sommaren.",
    "tr": "Komşular bütün yaz şantiyeden gelen gürültüden şikâyet ettiler.",
    "vi": "Hàng xóm phàn nàn về tiếng ồn từ công trường suốt mùa hè.",
}
"""By language, a sentence that a model of other languages is not meant for."""

_SEED = 5
_EVERY = 4


def broken(sources: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Of every fourth sentence a copy, and the sentence's index. The same ones each time.

    In turn: with many slips of the keyboard, with its words in disorder, with the letters of
    its words in disorder.
    """
    chance = random.Random(_SEED)  # noqa: S311 - nobody has to be kept from guessing
    ways = (_mistyped, _disordered, _scrambled)
    for turn, index in enumerate(range(0, len(sources), _EVERY)):
        words = ways[turn % len(ways)](sources[index].split(), chance)
        yield " ".join(words), index


def strangers(*served: str) -> list[str]:
    """Sentences in none of these languages."""
    own = {code.partition("-")[0] for code in served}
    return [sentence for code, sentence in STRANGERS.items() if code not in own]


def _mistyped(words: list[str], chance: random.Random) -> list[str]:
    return [_slip(word, chance) if len(word) > 3 else word for word in words]


def _slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word) - 1)
    kept, pair, rest = word[:place], word[place : place + 2], word[place + 2 :]
    return kept + chance.choice([pair[::-1], pair[0], pair[0] + pair]) + rest


def _disordered(words: list[str], chance: random.Random) -> list[str]:
    return chance.sample(words, len(words))


def _scrambled(words: list[str], chance: random.Random) -> list[str]:
    return ["".join(chance.sample(word, len(word))) for word in words]
