"""XML as tokens that joined are its bytes again, read by expat.

No entity of the document's own is expanded in its text. Its names may stand in attributes, so that
what is declared has to be short beside its name, and without other entities.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from file_formats.errors import FormatError

_STEP = 1 << 16
_DEEPEST = 200
_GROWTH = 4  # times that an entity's text may be as long as its name, `&name;`, in UTF-8
_NOTHING: Mapping[str, str] = {}


@dataclass(slots=True)
class Token:
    """``data[start:end]``; ``kind``: ``start``, ``end``, ``text``, or ``other`` (a comment …).

    Names are a prefix of ours for known namespaces, and the local name: ``w:p``.
    An empty element is a ``start``, and an ``end`` without bytes.
    """

    kind: str
    start: int
    end: int = -1
    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its characters, entities read; empty for markup."""
        return "".join(self.texts)


def read_xml(
    data: bytes, prefixes: Mapping[str, str] = _NOTHING, may_declare: bool = False
) -> Iterator[Token]:
    """``data`` is UTF-8, and may have short entities of its own where it ``may_declare``.

    Raises `FormatError` for what is not well-formed.
    """
    reader = _Reader(prefixes, may_declare)
    for at in range(0, max(len(data), 1), _STEP):
        reader.feed(data[at : at + _STEP], is_last=at + _STEP >= len(data))
        yield from reader.take()
    if reader.last is not None:
        reader.last.end = len(data)
        yield reader.last


class _Reader:
    def __init__(self, prefixes: Mapping[str, str], may_declare: bool) -> None:
        self._prefixes = prefixes
        self._names: dict[str, str] = {}
        self._tokens: list[Token] = []
        self.last: Token | None = None
        self._parser = expat.ParserCreate("utf-8", " ")
        handlers: dict[str, Callable[..., Any]] = {
            "StartElementHandler": self._start,
            "EndElementHandler": self._end,
            "CharacterDataHandler": self._text,
            "StartCdataSectionHandler": self._start_cdata,
            "EndCdataSectionHandler": self._end_cdata,
            "EntityDeclHandler": _check_entity if may_declare else _refuse_entity,
            "DefaultHandler": self._other,
        }
        self._in_cdata = False
        self._depth = 0
        for name, handler in handlers.items():
            setattr(self._parser, name, handler)

    def feed(self, data: bytes, is_last: bool) -> None:
        try:
            self._parser.Parse(data, is_last)
        except expat.ExpatError as error:
            raise FormatError(
                f"The XML is not well-formed: line {error.lineno}, column {error.offset + 1}."
            ) from None

    def take(self) -> list[Token]:
        """The tokens whose ends are known."""
        taken, self._tokens = self._tokens, []
        return taken

    def _add(self, kind: str, name: str = "") -> Token:
        at = self._parser.CurrentByteIndex
        if self.last is not None:
            self.last.end = at
            self._tokens.append(self.last)
        self.last = Token(kind, at, -1, name, _NOTHING)
        return self.last

    def _name(self, expanded: str) -> str:
        name = self._names.get(expanded)
        if name is None:
            uri, _, local = expanded.rpartition(" ")
            prefix = self._prefixes.get(uri, "" if not uri else "?")
            name = self._names[expanded] = f"{prefix}:{local}" if prefix else local
        return name

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise FormatError(f"The XML is nested deeper than {_DEEPEST} levels.")
        token = self._add("start", self._name(name))
        if attributes:
            token.attributes = {self._name(key): value for key, value in attributes.items()}

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._add("end", self._name(name))

    def _text(self, text: str) -> None:
        last = self.last
        if self._in_cdata:
            return
        if last is None or last.kind != "text":
            last = self._add("text")
        last.texts.append(text)

    def _start_cdata(self) -> None:
        self._in_cdata = True
        self._other("")

    def _end_cdata(self) -> None:
        self._in_cdata = False

    def _other(self, _: str) -> None:
        last = self.last
        if last is None or last.kind != "other":
            self._add("other")


def _check_entity(name: str, is_parameter: int, value: str | None, *_: Any) -> None:
    """Harmless is a short text of its own; not what lies elsewhere, or grows by others."""
    if is_parameter or value is None or set("&<%") & set(value):
        _refuse_entity(name)
    elif len(value.encode("utf-8", "replace")) > _GROWTH * len(f"&{name};"):
        raise FormatError(
            f"The XML declares an entity, {name[:40]}, of more than {_GROWTH} times the length of"
            f" &{name[:40]}; itself. Save it without."
        )


def _refuse_entity(name: str, *_: Any) -> None:
    raise FormatError(f"The XML declares an entity, {name[:40]}. Save it without.")


def to_utf8(data: bytes) -> tuple[bytes, bool]:
    """XML in whatever encoding it declares as UTF-8, and whether that is another one."""
    for mark, codec in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _recoded(data, codec), True
    declared = _declared(data[:200])
    if declared in ("", "utf-8", "utf8", "us-ascii", "ascii"):
        return data, False
    return _recoded(data, declared), True


def _declared(head: bytes) -> str:
    if not head.startswith(b"<?xml"):
        return ""
    declaration = head.partition(b"?>")[0].decode("ascii", "replace")
    _, found, rest = declaration.partition("encoding=")
    return rest[1:].partition(rest[:1])[0].strip().lower() if found and rest else ""


def _recoded(data: bytes, codec: str) -> bytes:
    try:
        text = data.decode(codec)
    except (LookupError, UnicodeDecodeError):
        shown = codec.encode("ascii", "replace").decode()[:20]
        raise FormatError(f"The XML is not in the encoding it names, {shown}.") from None
    return text.encode("utf-8", "replace")


def with_utf8_declared(data: bytes) -> bytes:
    """With UTF-8 as the encoding in the declaration, if there is one."""
    head, end, rest = data.partition(b"?>")
    before, found, after = head.partition(b"encoding=")
    if not data.startswith(b"<?xml") or not found:
        return data
    tail = after[1:].partition(after[:1])[2]
    return b"".join((before, b'encoding="UTF-8"', tail, end, rest))
