"""A request's body to a `Request`: strict, and a sentence for each mistake."""

import json
from typing import Any

from serving.errors import BadRequest, TooLarge
from serving.fields import Strings, kind, read_string
from serving.request import RULES, Request
from serving.settings import Settings

_FIELDS = ("text", "texts", *RULES)
_STRUCTURE = (b",", b":", b"[", b"{")
_SPARE = 1000  # for the fields' own, and nesting


def read_text(body: bytes, attributes: dict[str, str], settings: Settings) -> Request:
    """``text/plain``: the body is the text."""
    return _request({"text": _decode(body), **_pair(attributes)}, settings)


def read_json(body: bytes, attributes: dict[str, str], settings: Settings) -> Request:
    """``application/json``: an object with the fields of `docs/api.md`."""
    _check_structure(body, settings)
    fields = _load(_decode(body), settings.max_depth)
    if not isinstance(fields, dict):
        raise BadRequest(f"The body is {kind(fields)}, but must be a JSON object.")
    for name in fields:
        if name not in _FIELDS:
            raise BadRequest(f"Unknown field {name[:100]!r}. Known are {', '.join(_FIELDS)}.")
    return _request({**_pair(attributes), **fields}, settings)


def max_structure(settings: Settings) -> int:
    """The most commas, colons and opening brackets that a request has outside its strings.

    Each item of its lists has a comma, and each term a colon too.
    """
    return 5 * settings.max_texts + _SPARE


def _check_structure(body: bytes, settings: Settings) -> None:
    """Takes a hundredth of parsing, which keeps Python's lock until it is done."""
    limit = max_structure(settings)
    count = sum(map(_outside_strings(body, limit).count, _STRUCTURE))
    if count > limit:
        raise TooLarge(
            f"The JSON has {count} commas, colons and opening brackets outside its strings; "
            f"the limit is {limit}. Send it in parts."
        )


def _outside_strings(body: bytes, most: int) -> bytes:
    """What stands between strings; all of it after ``most`` of them.

    Where it has a backslash too, parsing ends there.
    """
    parts = body.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"', 2 * most)
    return b"".join(parts[::2])


def _pair(attributes: dict[str, str]) -> dict[str, str]:
    return {name: attributes[name] for name in ("source", "target") if name in attributes}


def _decode(body: bytes) -> str:
    if not body:
        raise BadRequest("The body is empty. Send a text.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not UTF-8: byte {error.start} is invalid.") from error


def _load(text: str, max_depth: int) -> Any:
    too_deep = BadRequest(f"The JSON is nested deeper than {max_depth} levels.")
    try:
        value = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_object)
    except RecursionError:
        raise too_deep from None
    except ValueError as error:
        position = getattr(error, "pos", None)
        where = "" if position is None else f" at character {position}"
        raise BadRequest(f"The body is not JSON{where}.") from error
    if _is_deeper(value, max_depth):
        raise too_deep
    return value


def _is_deeper(value: Any, levels: int) -> bool:
    layer = [value]
    for _ in range(levels + 1):
        nested = [item for item in layer if isinstance(item, (dict, list))]
        layer = [
            child
            for item in nested
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not nested:
            return False
    return True


def _refuse_constant(name: str) -> Any:
    raise BadRequest(f"{name} is not JSON. Send a number or null.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        _refuse_repeated(pairs)
    return fields


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> None:
    seen = set[str]()
    for name, _ in pairs:
        if name in seen:
            raise BadRequest(f"Field {name[:100]!r} comes twice.")
        seen.add(name)


def _request(fields: dict[str, Any], settings: Settings) -> Request:
    return Request(
        _texts(fields, settings),
        **{
            name: rule.read(fields[name], name, settings)
            for name, rule in RULES.items()
            if name in fields
        },
    )


def _texts(fields: dict[str, Any], settings: Settings) -> tuple[str, ...]:
    if ("text" in fields) == ("texts" in fields):
        raise BadRequest("Send either text, a string, or texts, a list of strings.")
    if "text" in fields:
        texts: tuple[str, ...] = (read_string(fields["text"], "text"),)
    else:
        texts = Strings().read(fields["texts"], "texts", settings)
    total = sum(map(len, texts))
    if total > settings.max_characters:
        raise TooLarge(
            f"The request has {total} characters; the limit is {settings.max_characters}. "
            "Send it in parts."
        )
    return texts
