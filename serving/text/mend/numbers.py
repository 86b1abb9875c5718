"""Numbers: one that is lost, new or altered is worth a look."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from serving.text.mend.number_words import HALVES, value

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(
    r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?"  # 10 000,50
    r"|(?<!\d)\d{1,2}[:h]\d\d(?![\d:])"  # 14:30
    r"|\d+(?:[.,'’]\d+)*"
)
_RUN = re.compile(r"\d+")
_SPACES = re.compile(r"[ \u00a0\u202f]")
_GROUPED = re.compile(r"\d{1,3}([.,'’])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d+)?")
_DECIMAL = re.compile(r"\d+[.,:h]\d+")
_WORD = re.compile(r"[^\W\d_]+")
_NOON = re.compile(r"\d\s?[ap]\.?m\b", re.IGNORECASE)
_LAST = re.compile(r"[.,:h]")
Numbers = Counter[str]


def is_changed(source: str, translated: str) -> bool:
    """Whether the two do not say the same numbers, however each writes them.

    ``1,000.5`` and ``1.000,5`` are the same amount, ``2026-05-03`` and ``03.05.2026`` the
    same day, ``3 pm`` and ``15h`` the same hour; ``twenty`` and ``XX`` are 20.
    """
    if not _DIGIT.search(source) and not _DIGIT.search(translated):
        return False
    before, after = Counter(_numbers(source)), Counter(_numbers(translated))
    lost, new = before - after, after - before
    if not lost and not new:
        return False
    if _NOON.search(source) or _NOON.search(translated):
        lost, new = _without_hours(lost, new)
    return not (_says(translated, lost) and _says(source, new))


def _numbers(text: str) -> Iterator[str]:
    """Each number as ``1000.5``, without a grouping; a date or a version as its parts."""
    for match in _NUMBER.finditer(text):
        number = _SPACES.sub("", match[0])
        if _GROUPED.fullmatch(number) or number != match[0]:
            yield _plain(number, is_grouped=True)
        elif number.isdecimal() or _DECIMAL.fullmatch(number):
            yield _plain(number)
        else:
            yield from map(_plain, _RUN.findall(number))


def _plain(number: str, is_grouped: bool = False) -> str:
    whole, _, fraction = number, "", ""
    places = [match.start() for match in _LAST.finditer(number)]
    ends = places and (not is_grouped or len(number) - places[-1] != 4)
    if ends or (is_grouped and len({number[at] for at in places}) > 1):
        whole, fraction = number[: places[-1]], number[places[-1] + 1 :]
    whole = "".join(_RUN.findall(whole))
    figure = _ascii(whole).lstrip("0") or "0"
    rest = _ascii(fraction).rstrip("0")
    return f"{figure}.{rest}" if rest else figure


def _ascii(digits: str) -> str:
    return digits if digits.isascii() else "".join(str(unicodedata.decimal(d)) for d in digits)


def _without_hours(lost: Numbers, new: Numbers) -> tuple[Numbers, Numbers]:
    """Both without the numbers that may be one hour, said in twelve and in 24 hours."""
    lost, new = Counter(lost), Counter(new)
    for one, other in ((lost, new), (new, lost)):
        for hour in list(one):
            later = _later(hour)
            same = min(one[hour], other[later])
            one[hour] -= same
            other[later] -= same
    return +lost, +new


def _later(hour: str) -> str:
    whole, point, rest = hour.partition(".")
    return f"{int(whole) + 12}{point}{rest}" if len(whole) < 3 else ""


def _says(text: str, numbers: Numbers) -> bool:
    """Whether ``text`` has each of ``numbers`` in words."""
    if not numbers:
        return True
    words = _WORD.findall(text)
    said = {found for word in words if (found := value(word)) is not None}
    has_half = any(word.casefold() in HALVES for word in words)
    return all(_is_said(number, said, has_half) for number in numbers)


def _is_said(number: str, said: set[int], has_half: bool) -> bool:
    if not number.isdecimal():
        return has_half and number.endswith((".3", ".5"))
    if len(number) > 7:
        return False
    tens, units = divmod(int(number), 10)
    return int(number) in said or (10 * tens in said and units in said)
