"""Numbers as words, and as Roman numerals: what `numbers` takes for the same."""

_UNITS = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen",
    "de": "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
    "fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "pt": "um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze "
    "dezesseis dezessete dezoito dezenove",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize",
}
_ORDINALS = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth",
    "de": "erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte",
    "pt": "primeiro segundo terceiro quarto quinto sexto sétimo oitavo nono décimo",
    "pt, female": "primeira segunda terceira quarta quinta sexta sétima oitava nona décima",
}
_TENS = {
    "en": "ten twenty thirty forty fifty sixty seventy eighty ninety hundred",
    "de": "zehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert",
    "pt": "dez vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cem",
    "es": "diez veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien",
    "fr": "dix vingt trente quarante cinquante soixante",
}
_MORE = {
    1: "a an ein eine einen einem einer uma una une once",
    2: "duas twice",
    14: "quatorze",
    16: "dezasseis",
    17: "dezassete",
    19: "dezanove",
    100: "cento ciento cent einhundert hundreds",
    1000: "thousand tausend eintausend mil mille",
    1_000_000: "million milhão millón",
}


def _values() -> dict[str, int]:
    found = {word: number for number, words in _MORE.items() for word in words.split()}
    for table, step in ((_TENS, 10), (_ORDINALS, 1), (_UNITS, 1)):
        for words in table.values():
            found |= {word: step * number for number, word in enumerate(words.split(), 1)}
    for ten, word in enumerate(_TENS["de"].split()[1:9], 2):
        units = ("ein", *_UNITS["de"].split()[1:9])
        found |= {f"{unit}und{word}": 10 * ten + at for at, unit in enumerate(units, 1)}
    return found


VALUES = _values()
HALVES = frozenset(("half", "halb", "halbe", "meia", "media", "demi", "demie"))
_SIGNS = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}


def value(word: str) -> int | None:
    """The number that ``twenty`` or ``XX`` is; None for any other word, which ``I`` is."""
    known = VALUES.get(word.casefold())
    if known is not None or not 1 < len(word) < 16 or set(word) - set(_SIGNS):
        return known
    signs = [_SIGNS[sign] for sign in word]
    return sum(-a if a < b else a for a, b in zip(signs, [*signs[1:], 0], strict=True))
