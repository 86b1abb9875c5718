"""A request's body to a `Request`: strict, and a sentence for each mistake."""

import json
from typing import Any

from serving.errors import BadRequest, TooLarge
from serving.request import Request
from serving.settings import Settings

_FORMATS = ("text", "html", "xml")
_SPLITS = ("sentences", "punctuation", "none")
_FIELDS = (
    *("text", "texts", "source", "target", "format", "alternatives"),
    *("keep", "ignore_tags", "split", "beam_size"),
)


def read_text(body: bytes, attributes: dict[str, str], settings: Settings) -> Request:
    """``text/plain``: the body is the text."""
    return _request({"text": _decode(body), **_pair(attributes)}, settings)


def read_json(body: bytes, attributes: dict[str, str], settings: Settings) -> Request:
    """``application/json``: an object with the fields of `docs/api.md`."""
    fields = _load(_decode(body), settings.max_depth)
    if not isinstance(fields, dict):
        raise BadRequest(f"The body is {_kind(fields)}, but must be a JSON object.")
    for name in fields:
        if name not in _FIELDS:
            raise BadRequest(f"Unknown field {name[:100]!r}. Known are {', '.join(_FIELDS)}.")
    return _request({**_pair(attributes), **fields}, settings)


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
        texts=_texts(fields, settings),
        source=_optional(fields, "source", str, "a language code"),
        target=_optional(fields, "target", str, "a language code"),
        format=_choice(fields, "format", _FORMATS),
        alternatives=_number(fields, "alternatives", 0, settings.max_alternatives) or 0,
        keep=_strings(fields, "keep", settings),
        ignore_tags=_strings(fields, "ignore_tags", settings),
        split=_choice(fields, "split", _SPLITS),
        beam_size=_number(fields, "beam_size", 1, settings.max_beam_size),
        recase=bool(settings.recase),
    )


def _texts(fields: dict[str, Any], settings: Settings) -> tuple[str, ...]:
    if ("text" in fields) == ("texts" in fields):
        raise BadRequest("Send either text, a string, or texts, a list of strings.")
    texts = _strings(fields, "texts", settings)
    if "text" in fields:
        texts = (_string(fields["text"], "text"),)
    total = sum(map(len, texts))
    if total > settings.max_characters:
        raise TooLarge(
            f"The request has {total} characters; the limit is {settings.max_characters}. "
            "Send it in parts."
        )
    return texts


def _strings(fields: dict[str, Any], name: str, settings: Settings) -> tuple[str, ...]:
    value = fields.get(name, [])
    if not isinstance(value, list):
        raise BadRequest(f"{name} is {_kind(value)}, but must be a list of strings.")
    if len(value) > settings.max_texts:
        raise TooLarge(
            f"{name} has {len(value)} items; the limit is {settings.max_texts}. Send it in parts."
        )
    return tuple(_string(item, f"{name}[{index}]") for index, item in enumerate(value))


def _string(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise BadRequest(f"{name} is {_kind(value)}, but must be a string.")
    if "\0" in value:
        raise BadRequest(f"{name} has a NUL character at {value.index(chr(0))}. Remove it.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadRequest(f"{name} has half a surrogate pair at {error.start}. Mend it.") from error
    return value


def _optional(fields: dict[str, Any], name: str, kind: type, what: str) -> Any:
    value = fields.get(name)
    if value is not None and not isinstance(value, kind):
        raise BadRequest(f"{name} is {_kind(value)}, but must be {what}.")
    return value if value is None else _string(value, name)


def _choice(fields: dict[str, Any], name: str, choices: tuple[str, ...]) -> str:
    value = fields.get(name, choices[0])
    if value not in choices:
        raise BadRequest(f"{name} is {_shown(value)}, but must be one of {', '.join(choices)}.")
    return str(value)


def _number(fields: dict[str, Any], name: str, least: int, most: int) -> int | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # JSON has one kind of number: 2.0 is 2
    if type(value) is not int or not least <= value <= most:
        raise BadRequest(
            f"{name} is {_shown(value)}, but must be a whole number from {least} to {most}."
        )
    return value


def _shown(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"


def _kind(value: Any) -> str:
    kinds = {str: "a string", bool: "a boolean", list: "a list", dict: "an object"}
    return "null" if value is None else kinds.get(type(value), "a number")
