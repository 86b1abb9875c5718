"""YAML: its strings are pieces, but not the keys of mappings; read by libyaml."""

import json
import re
from collections.abc import Iterator
from typing import Any

from file_formats.errors import FormatError
from file_formats.pieces import Patch, Piece, has_letters, one_piece

_STRING = "tag:yaml.org,2002:str"
_PLAIN = re.compile(r"[^\W\d_][^\n:#\[\]{},&*!|>'\"%@`]*")
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def yaml_patches(text: str) -> Iterator[Patch]:
    try:
        import yaml  # not at the top: no other format needs it
    except ImportError:
        raise FormatError("YAML files need PyYAML: pip install pyyaml.") from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolver = yaml.SafeLoader("")
    try:
        for event in _values(yaml.parse(text, Loader=loader), yaml):
            tag = resolver.resolve(yaml.ScalarNode, event.value, (event.implicit[0], False))
            is_string = event.style or tag == _STRING
            if is_string and event.tag is None and has_letters(event.value):
                yield from _patch(text, event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise FormatError(f"The file is not YAML{where}.") from None


def _values(events: Any, yaml: Any) -> Iterator[Any]:
    """Scalars that are no keys."""
    open_: list[int] = []  # of a mapping, how many nodes it has so far; -1: a sequence
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            is_key = bool(open_) and open_[-1] >= 0 and open_[-1] % 2 == 0
            if open_ and open_[-1] >= 0:
                open_[-1] += 1
            if isinstance(event, yaml.ScalarEvent) and not is_key:
                yield event
        if isinstance(event, yaml.MappingStartEvent):
            open_.append(0)
        elif isinstance(event, yaml.SequenceStartEvent):
            open_.append(-1)
        elif isinstance(event, yaml.CollectionEndEvent):
            open_.pop()


def _patch(text: str, event: Any) -> Iterator[Patch]:
    start, end = event.start_mark.index, event.end_mark.index
    raw = text[start:end]
    if event.style in ("|", ">"):
        yield from _block(text, start, end, event.style == ">")
    elif event.style == '"':
        yield one_piece(start, end, Piece(event.value), _quoted)
    elif event.style == "'":
        yield one_piece(start, end, Piece(event.value), _single)
    else:
        yield one_piece(start, start + len(raw.rstrip()), Piece(event.value), _plain)


def _block(text: str, start: int, end: int, is_folded: bool) -> Iterator[Patch]:
    """Lines of a literal block, or paragraphs of a folded one; its indentation stays."""
    lines: list[tuple[int, int]] = []
    at = text.find("\n", start) + 1
    while 0 < at < end:
        stop = text.find("\n", at)
        stop = end if stop < 0 or stop > end else stop
        first = at + len(text[at:stop]) - len(text[at:stop].lstrip(" "))
        last = first + len(text[first:stop].rstrip())
        if first == last or not is_folded:
            yield from _joined(text, lines)
            lines = []
        if first < last:
            lines.append((first, last))
        at = stop + 1
    yield from _joined(text, lines)


def _joined(text: str, lines: list[tuple[int, int]]) -> Iterator[Patch]:
    words = " ".join(text[first:last] for first, last in lines)
    if has_letters(words):
        yield one_piece(lines[0][0], lines[-1][1], Piece(words), _one_line)


def _one_line(value: str) -> str:
    return " ".join(value.split("\n"))


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _single(value: str) -> str:
    return "'" + value.replace("'", "''") + "'" if "\n" not in value else _quoted(value)


def _plain(value: str) -> str:
    """Plain if it can be nothing else than a string."""
    is_safe = _PLAIN.fullmatch(value) and value == value.strip() and value.lower() not in _WORDS
    return value if is_safe else _quoted(value)
