"""HTML: what is between two blocks is a piece, with the inline tags in it."""

import re
from collections.abc import Iterator

from file_formats.pieces import Patch, Piece, has_letters, one_piece
from file_formats.scanning import Tag, scan_tags

INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font g i img ins kbd label mark meter "  # noqa: SIM905
    "output ph progress q ruby s samp small span strike strong sub sup time tt u var wbr x".split()
)
UNTRANSLATED = frozenset(
    "code iframe kbd math pre samp script style svg textarea tt var".split()  # noqa: SIM905
)
VOID = frozenset(
    "area base br col embed frame hr img input link meta param source track wbr".split()  # noqa: SIM905
)
_READ = ("alt=", "title=", "placeholder=", "aria-label=")
_KEPT = re.compile(r"""translate\s*=\s*["']?no\b|class\s*=\s*["'][^"']*\bnotranslate\b""", re.I)
_CUT = 20_000  # characters; longer fragments are cut at whatever tag comes


def html_patches(text: str) -> Iterator[Patch]:
    start = 0
    kept: list[str] = []
    is_spoken = False  # whether an inline tag since `start` has an attribute that is read
    for tag in scan_tags(text):
        raw = text[tag.start : tag.end]
        if kept:
            _follow(kept, tag, raw)
            start = tag.end
            continue
        spoken = any(name in raw.lower() for name in _READ) if len(raw) < _CUT else False
        if tag.name.lstrip("/") in INLINE and not _is_kept(tag, raw):
            is_spoken = is_spoken or spoken
            if tag.end - start < _CUT:
                continue
        yield from _fragment(text, start, tag.start, is_spoken)
        start, is_spoken = tag.end, False
        if _is_kept(tag, raw):
            kept.append(tag.name)
        elif spoken and not tag.name.startswith("/"):
            yield one_piece(tag.start, tag.end, Piece(raw, "html"))
    if not kept:
        yield from _fragment(text, start, len(text), is_spoken)


def _fragment(text: str, start: int, end: int, is_spoken: bool) -> Iterator[Patch]:
    raw = text[start:end]
    if is_spoken or has_letters(_without_tags(raw)):
        yield one_piece(start, end, Piece(raw, "html"))


def _without_tags(raw: str) -> str:
    parts, at = [], 0
    for tag in scan_tags(raw):
        parts.append(raw[at : tag.start])
        at = tag.end
    return "".join([*parts, raw[at:]])


def _is_kept(tag: Tag, raw: str) -> bool:
    """Whether the element it opens stays as it is. Inline ones are the service's to keep."""
    if not tag.name or tag.name.startswith("/") or tag.name in VOID or raw.endswith("/>"):
        return False
    if tag.name in INLINE:
        return False
    return tag.name in UNTRANSLATED or bool(_KEPT.search(raw))


def _follow(kept: list[str], tag: Tag, raw: str) -> None:
    """Elements of the kept one's name may stand in it."""
    if tag.name == kept[0] and not raw.endswith("/>"):
        kept.append(tag.name)
    elif tag.name == f"/{kept[0]}":
        kept.pop()
