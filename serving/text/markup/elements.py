"""What is known of elements: which stand in a sentence, which are not translated."""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from serving.text.markup.tokens import Token

_INLINE = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font g i img ins kbd label mark meter "
    "output ph progress q ruby s samp small span strike strong sub sup time tt u var wbr x"
)
_BLOCK = (
    "address applet area article aside audio base blockquote body br button canvas caption center "
    "col colgroup dd details dialog dir div dl dt embed fieldset figcaption figure footer form "
    "frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe input legend li link main "
    "map math menu meta nav noframes noscript object ol optgroup option p param picture pre script "
    "search section select slot source style summary svg table tbody td template textarea tfoot th "
    "thead title tr track ul video"
)
_VOID = "area base br col embed frame hr img input link meta param source track wbr"
_UNTRANSLATED = "code iframe kbd math pre samp script style svg textarea tt var"
INLINE, BLOCK, VOID, UNTRANSLATED = (
    frozenset(names.split()) for names in (_INLINE, _BLOCK, _VOID, _UNTRANSLATED)
)


@dataclass(frozen=True)
class NamedTags:
    """What the caller asks of elements, by their names in small letters."""

    ignored: Set[str] = frozenset()
    splitting: Set[str] = frozenset()
    """No sentence goes on past one of their tags."""
    non_splitting: Set[str] = frozenset()
    """They stand in a sentence, whatever they are; `splitting` says more."""

    @classmethod
    def of(
        cls, ignored: Iterable[str], splitting: Iterable[str], non_splitting: Iterable[str]
    ) -> "NamedTags":
        named = (ignored, splitting, non_splitting)
        return cls(*(frozenset(name.lower() for name in names) for names in named))


def is_untranslated(token: Token, ignore_tags: Set[str], is_html: bool) -> bool:
    """Whether the element that ``token`` opens stays as it is, with all that is in it."""
    if token.name in ignore_tags or (is_html and token.name in UNTRANSLATED):
        return True
    attributes = dict(token.attributes)
    if (attributes.get("translate") or "").lower() == "no":
        return True
    return is_html and "notranslate" in (attributes.get("class") or "").split()
