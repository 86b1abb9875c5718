"""Language codes as callers write them, and their English names."""

from __future__ import annotations

import re
from collections.abc import Collection

_WEIGHT = re.compile(r"q\s*=\s*([01](?:\.\d{0,3})?)")

NAMES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "as": "Assamese", "az": "Azerbaijani",
    "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "br": "Breton", "bs": "Bosnian",
    "ca": "Catalan", "ceb": "Cebuano", "cs": "Czech", "cy": "Welsh", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "eo": "Esperanto", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fo": "Faroese",
    "fr": "French", "fy": "Western Frisian", "ga": "Irish", "gd": "Scottish Gaelic",
    "gl": "Galician", "gu": "Gujarati", "ha": "Hausa", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "ht": "Haitian Creole", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "ig": "Igbo", "is": "Icelandic", "it": "Italian", "ja": "Japanese",
    "jv": "Javanese", "ka": "Georgian", "kk": "Kazakh", "km": "Khmer", "kn": "Kannada",
    "ko": "Korean", "ku": "Kurdish", "ky": "Kyrgyz", "la": "Latin", "lb": "Luxembourgish",
    "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "mg": "Malagasy", "mi": "Māori",
    "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay",
    "mt": "Maltese", "my": "Burmese", "nb": "Norwegian Bokmål", "ne": "Nepali", "nl": "Dutch",
    "nn": "Norwegian Nynorsk", "no": "Norwegian", "oc": "Occitan", "or": "Odia", "pa": "Punjabi",
    "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "rw": "Kinyarwanda", "sa": "Sanskrit", "sd": "Sindhi", "si": "Sinhala", "sk": "Slovak",
    "sl": "Slovenian", "sn": "Shona", "so": "Somali", "sq": "Albanian", "sr": "Serbian",
    "st": "Southern Sotho", "su": "Sundanese", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil",
    "te": "Telugu", "tg": "Tajik", "th": "Thai", "tk": "Turkmen", "tl": "Tagalog",
    "tr": "Turkish", "tt": "Tatar", "ug": "Uyghur", "uk": "Ukrainian", "ur": "Urdu",
    "uz": "Uzbek", "vi": "Vietnamese", "xh": "Xhosa", "yi": "Yiddish", "yo": "Yoruba",
    "yue": "Cantonese", "zh": "Chinese", "zu": "Zulu",
}  # fmt: skip
VARIANTS = {
    "en-XA": "English (pseudo-localised)",
    "en-GB": "English (British)",
    "en-US": "English (American)",
    "pt-BR": "Portuguese (Brazilian)",
    "pt-PT": "Portuguese (European)",
    "zh-Hans": "Chinese (simplified)",
    "zh-Hant": "Chinese (traditional)",
}
# Codes that models and older clients use for what LibreTranslate now writes otherwise.
ALIASES = {
    "pb": "pt-BR", "zh": "zh-Hans", "zt": "zh-Hant", "zh-CN": "zh-Hans", "zh-TW": "zh-Hant",
    "iw": "he", "in": "id",
}  # fmt: skip
_ALIASES_BY_LOWER = {alias.lower(): code for alias, code in ALIASES.items()}
MAX_CODE = 35
"""Characters: the longest language tag that RFC 5646 (§4.4.1) wants to be taken."""
# What DeepL lists for a language of which it knows regional varieties only.
REGIONS = {"en": ("en-GB", "en-US"), "pt": ("pt-BR", "pt-PT")}


def public_code(code: str) -> str:
    """The code callers see for a deployed one: `zh` is `zh-Hans`, `pb` is `pt-BR`."""
    return ALIASES.get(code, code)


def name_of(code: str) -> str:
    """The English name, or the code itself where no name is known."""
    if code in VARIANTS:
        return VARIANTS[code]
    base, _, rest = code.partition("-")
    name = NAMES.get(base, code)
    return f"{name} ({rest})" if rest and name != code else name


def base_code(code: str) -> str:
    """The language without its region: `EN-GB` is `en`, whose glossaries serve it."""
    return code.strip().lower().replace("_", "-").partition("-")[0]


def find_code(asked: str, available: Collection[str]) -> str | None:
    """The available code meant by `asked`, whatever its case; None if there is none.

    Tried in turn: the code itself, its newer spelling, the language without its region
    (`EN-GB` finds `en`), another region of the language (`PT-PT` finds `pt-BR`).
    """
    if len(asked) > MAX_CODE:
        return None
    by_lower = {code.lower(): code for code in available}
    wanted = asked.strip().replace("_", "-").lower()
    for candidate in (wanted, _ALIASES_BY_LOWER.get(wanted, wanted).lower()):
        if candidate in by_lower:
            return by_lower[candidate]
    base, _, rest = wanted.partition("-")
    if len(rest) == 4 or rest == "xa":  # another script, or a pseudo-locale, is another thing
        return None
    regional = (code for low, code in by_lower.items() if _is_region(low, base))
    return by_lower.get(base) or next(regional, None)


def preferred(header: str, available: Collection[str]) -> str | None:
    """The available code that an `Accept-Language` header likes best; None if it likes none.

    Of the header, no more than the first 20 languages are looked at.
    """
    wishes = [wish.partition(";") for wish in header.split(",", 20)[:20]]
    ranked = sorted(
        ((_weight(rest), code.strip()) for code, _, rest in wishes), key=lambda w: -w[0]
    )
    found = (find_code(code, available) for weight, code in ranked if code and weight > 0)
    return next((code for code in found if code), None)


def _weight(parameters: str) -> float:
    """The weight of a range, `q=0.8` is 0.8 (RFC 9110, section 12.4.2); without a number, 1."""
    match = _WEIGHT.fullmatch(parameters.strip())
    return float(match[1]) if match else 1.0


def _is_region(code: str, base: str) -> bool:
    language, _, region = code.partition("-")
    return language == base and len(region) == 2 and region.isalpha() and region != "xa"
