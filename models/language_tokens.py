"""The tokens that tell a multilingual model which languages are meant.

NLLB (`eng_Latn`) and M2M-100 (`__en__`) want the source's before the text and the target's
before the translation; OPUS-MT models with several targets want `>>fra<<` before the text.
"""

import re

from handlers import ModelError

_NLLB = re.compile(r"[a-z]{3}_[A-Z][a-z]{3}")
_M2M = re.compile(r"__[a-z]{2,3}__")
_OPUS = re.compile(r">>([a-z]{2,3})(_[A-Za-z]+)*<<")

# ISO 639-1 codes to the 639-3 ones of FLORES-200; where that covers a macrolanguage, its
# main member (https://github.com/facebookresearch/flores/blob/main/flores200/README.md).
_TABLE = """
af:afr ak:aka am:amh ar:arb as:asm ay:ayr az:azj ba:bak be:bel bg:bul bm:bam bn:ben bo:bod
bs:bos ca:cat cs:ces cy:cym da:dan de:deu dz:dzo ee:ewe el:ell en:eng eo:epo es:spa et:est
eu:eus fa:pes ff:fuv fi:fin fj:fij fo:fao fr:fra ga:gle gd:gla gl:glg gn:grn gu:guj ha:hau
he:heb hi:hin hr:hrv ht:hat hu:hun hy:hye id:ind ig:ibo is:isl it:ita ja:jpn jv:jav ka:kat
kg:kon ki:kik kk:kaz km:khm kn:kan ko:kor ks:kas ku:kmr ky:kir lb:ltz lg:lug li:lim ln:lin
lo:lao lt:lit lv:lvs mg:plt mi:mri mk:mkd ml:mal mn:khk mr:mar ms:zsm mt:mlt my:mya nb:nob
ne:npi nl:nld nn:nno no:nob ny:nya oc:oci om:gaz or:ory pa:pan pl:pol ps:pbt pt:por qu:quy
rn:run ro:ron ru:rus rw:kin sa:san sc:srd sd:snd sg:sag si:sin sk:slk sl:slv sm:smo sn:sna
so:som sq:als sr:srp ss:ssw st:sot su:sun sv:swe sw:swh ta:tam te:tel tg:tgk th:tha ti:tir
tk:tuk tl:tgl tn:tsn tr:tur ts:tso tt:tat tw:twi ug:uig uk:ukr ur:urd uz:uzn vi:vie wo:wol
xh:xho yi:ydd yo:yor zh:zho zu:zul
"""
_ISO_639_3 = dict(pair.split(":") for pair in _TABLE.split())
_MAIN_SCRIPT = {"zho": "Hans", "arb": "Arab", "kas": "Arab"}


def prefixes(vocabulary: set[str], source: str, target: str) -> dict[str, list[str]]:
    """The manifest's prefix keys for a model with this vocabulary; {} for one of one pair.

    Raises ModelError for a language that the model does not know.
    """
    if any(map(_NLLB.fullmatch, vocabulary)):
        return _around(_nllb(vocabulary, source), _nllb(vocabulary, target))
    if any(map(_M2M.fullmatch, vocabulary)):
        return _around(_m2m(vocabulary, source), _m2m(vocabulary, target))
    if any(map(_OPUS.fullmatch, vocabulary)):
        return {"source_prefix": [_opus(vocabulary, target)]}
    return {}


def _around(source: str, target: str) -> dict[str, list[str]]:
    return {"source_prefix": [source], "target_prefix": [target]}


def _nllb(vocabulary: set[str], code: str) -> str:
    language, script = _split(code)
    iso = _ISO_639_3.get(language, language)
    wanted = script or _MAIN_SCRIPT.get(iso, "")
    return _only(
        [t for t in vocabulary if _NLLB.fullmatch(t) and t[:3] == iso and wanted in t[4:]], code
    )


def _m2m(vocabulary: set[str], code: str) -> str:
    language = {"nb": "no", "nn": "no"}.get(_split(code)[0], _split(code)[0])
    return _only([f"__{language}__"] if f"__{language}__" in vocabulary else [], code)


def _opus(vocabulary: set[str], code: str) -> str:
    language, script = _split(code)
    names = {language, _ISO_639_3.get(language, language)}
    found = [t for t in vocabulary if (m := _OPUS.fullmatch(t)) and m[1] in names and script in t]
    return _only(found, code)


def _split(code: str) -> tuple[str, str]:
    """Language and script of a BCP 47 code: `zh-Hant` is ("zh", "Hant"), `pt-BR` ("pt", "")."""
    language, *others = code.split("-")
    return language.lower(), next((part for part in others if len(part) == 4), "")


def _only(found: list[str], code: str) -> str:
    if len(found) == 1:
        return found[0]
    several = f"has several tokens for {code!r} ({', '.join(sorted(found))})"
    what = several if found else f"has no token for {code!r}"
    raise ModelError(
        f"The model {what}. Give its own with --source-prefix"
        " (and --target-prefix for NLLB and M2M-100)."
    )
