"""What the sentence splitter gets wrong: quoted speech, abbreviations, German ordinals."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

_OPENING, _CLOSING = "“„«‘»‚(", "”“»’«)"
_QUOTES = str.maketrans(dict.fromkeys('"' + _OPENING + _CLOSING, " "))
_QUOTED = re.compile(r"[\"“„«»‘‚(][^\"“„«»‘‚(.!?…]*[.!?…]+\s")
_APOSTROPHE = re.compile(r"(?<=\w)’(?=\w)")
_HEAD = 20  # characters before the first letter
_TAIL = 16  # characters: no abbreviation is longer
# Before a number, a numeral, or whatever a name begins with.
_BEFORE_NUMBER = re.compile(
    r"(?:\b(?:no|nos|vol|vols|fig|figs|p|pp|ch|sec|art|approx|ca|tel|ext|min|max|nr|bd|s|abs|kap|abb"
    r"|pág|págs|pag|séc|sec|aprox|cap|n|núm|num|vers|v|av|r|est|ed))\.\s*\Z",
    re.IGNORECASE,
)
_BEFORE_NAME = {
    "pt": re.compile(
        r"\b(?:Av|Dra?s?|Sra?s?|Srta|Exa|Exmo|Exma|D|Da|R|Prof|Profa|Eng|Pça|Pe|Sto|Sta|Obs|V|Al"
        r"|Trav|Rod|Tel|séc|pág|art|fig|aprox)\.\s*\Z"
    ),
    "de": re.compile(r"\b(?:Hr|Fr|Frl|Str|Dipl|Ing|geb|gest|evtl|ggf|inkl|zzgl|bzw|vgl)\.\s*\Z"),
    "en": re.compile(
        r"\b(?:Messrs|Mmes|Capt|Lt|Col|Gen|Sgt|Rev|Hon|Ave|Blvd|Mt|tsp|tbsp|oz)\.\s*\Z"
    ),
}
_ORDINAL = re.compile(
    r"\b(?:der|die|das|dem|den|des|im|am|vom|zum|zur|beim|ins|ab|bis|seit|sein|ihr|mein|jede[rsn]?)"
    r"\s\d{1,3}\.\s*\Z",
    re.IGNORECASE,
)
_ERA = re.compile(r"\d\s+[ad]\.\s*\Z")
_NUMERAL = re.compile(r"\d|[IVXLC]+\b")
_FIRST = re.compile(r"[\w,;:]")
_OPERATORS = "=/\\_&%+"
Split = Callable[[str], Sequence[str]]


def mend(sentences: Iterable[str], language: str, split: Split) -> Iterator[str]:
    """``sentences`` of one line, some joined, some divided; ``split`` is the splitter itself."""
    parts: list[str] = []
    for sentence in sentences:
        for part in _inside_quotes(sentence, split):
            if parts and not goes_on(parts[0], parts[-1], part, language):
                yield "".join(parts)
                parts = []
            parts.append(part)
    if parts:
        yield "".join(parts)


def has_quoted_end(sentence: str) -> bool:
    """Whether a sentence may end within quotes or brackets."""
    return _QUOTED.search(sentence) is not None


def _inside_quotes(sentence: str, split: Split) -> Iterator[str]:
    """The sentences within quotes or brackets, which the splitter takes for one: ``“No. Go.”``."""
    if not has_quoted_end(sentence):
        yield sentence
        return
    plain = _APOSTROPHE.sub("'", sentence).translate(_QUOTES)
    start = end = 0
    for part in split(plain):
        end += len(part)
        cut = end
        while start < cut < len(sentence) and _opens(sentence, cut - 1):
            cut -= 1
        if cut > start:
            yield sentence[start:cut]
            start = cut
    if start < len(sentence):
        yield sentence[start:]


def _opens(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return text[at] in '"' + _OPENING and before.isspace() and not after.isspace()


def goes_on(sentence: str, last: str, following: str, language: str) -> bool:
    """Whether ``following`` belongs to the sentence of which ``last`` is the last part so far."""
    first = _FIRST.search(following, 0, _HEAD)
    begin = _FIRST.search(sentence, 0, _HEAD)
    if not first or not begin:
        return False
    if following[0] in _OPERATORS and not last[-1].isspace():  # `a!=0`
        return True
    letter, after = first[0], following[first.end() : first.end() + 1]
    if letter in ",;:":
        return True
    if letter.islower() and not after.isupper() and begin[0].isupper():
        return True
    tail = last[-_TAIL:]
    if _NUMERAL.match(following) and _BEFORE_NUMBER.search(tail):
        return True
    if language == "de" and _ORDINAL.search(tail):
        return True
    if language == "pt" and _ERA.search(tail) and following.startswith("C."):
        return True
    return language in _BEFORE_NAME and bool(_BEFORE_NAME[language].search(tail))
