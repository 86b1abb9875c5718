"""What a caller sent, wherever it was put: query, form, multipart form or a JSON object."""

from __future__ import annotations

import json
import re
import zlib
from typing import Any
from urllib.parse import unquote_to_bytes

from bottle import BaseRequest

from gateway.errors import GatewayError, bad_request
from gateway.multipart_form import MAX_FIELDS, Upload, read_multipart
from gateway.settings import Settings
from gateway.structure import check_form, check_json

_NOT_UTF8 = "Invalid request: the text is not valid UTF-8"
_JSON = re.compile(r'\ufeff?\s*\{\s*"(?:q|text|source|target|source_lang|target_lang|api_key)"\s*:')
_PIECE = 16_384  # bytes
_FLAGS = {"1": True, "true": True, "0": False, "false": False}
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")  # as JSON escapes it; half of a pair or not


class Parameters:
    """Values by name. A JSON object's keep their types; those of forms are lists of strings."""

    def __init__(
        self,
        values: dict[str, list[str]],
        document: dict[str, Any] | None = None,
        files: dict[str, Upload] | None = None,
        text: str | None = None,
    ):
        self._values = values
        self._document = document or {}
        self.files = files or {}
        self.text = text  # the whole body, where it is text/plain

    def __contains__(self, name: str) -> bool:
        return self._document.get(name) is not None or name in self._values

    def names(self) -> set[str]:
        """Every name with a value: JSON's null counts as left out."""
        return {n for n, v in self._document.items() if v is not None} | set(self._values)

    def first(self, name: str) -> Any:
        """The value, the first one of a repeated field, or None."""
        if self._document.get(name) is not None:
            return self._document[name]
        return self._values.get(name, [None])[0]

    def every(self, name: str) -> list[Any]:
        """All values: a JSON list, or a field as often as it was repeated."""
        value = self._document.get(name)
        if value is None:
            return list(self._values.get(name, []))
        return value if isinstance(value, list) else [value]


def flag(parameters: Parameters, name: str) -> bool:
    """Whether a flag is set: by true or "1", as clients send it. Raises 400 for what is neither."""
    value = parameters.first(name)
    if value is None:
        return False
    if word(value) not in _FLAGS:
        raise bad_request(f"Value for '{name}' not supported. Use true or false.")
    return _FLAGS[word(value)]


def word(value: object) -> str:
    """The value as a form would send it, a boolean in lower case; "?" for a list or an object."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | str) else "?"


def read_parameters(
    request: BaseRequest, settings: Settings, body_limit: int | None = None
) -> Parameters:
    """Raises 413 for a body over the limits, 400 for one that is not what its type says.

    `body_limit` takes the place of the setting.
    """
    body = read_body(request, settings.body_limit if body_limit is None else body_limit)
    kind = request.content_type.partition(";")[0].strip().lower()
    query = _fields(request.query_string.encode("latin-1", "surrogatepass"), settings)
    if kind == "application/json" or kind.endswith("+json"):
        return Parameters(query, _object(_decode(body), settings))
    if kind.startswith("multipart/"):
        form = read_multipart(request.environ["CONTENT_TYPE"], body)  # Bottle's is in lower case
        return Parameters(_merged(query, form.fields), files=form.files)
    if kind == "text/plain":
        text = _decode(body)
        if _looks_like_parameters(text):
            return Parameters(query, _object(text, settings))
        return Parameters(query, text=text)
    return Parameters(_merged(query, _fields(body, settings)))


def read_body(request: BaseRequest, limit: int) -> bytes:
    size = max(request.content_length, 0)
    if size > limit:
        message = f"Invalid request: the body ({size} bytes) exceeds the limit ({limit} bytes)"
        raise GatewayError(413, "body_too_large", message)
    body: bytes = request.environ["wsgi.input"].read(size) if size else b""
    encoding = request.get_header("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        message = "Invalid request: the body's Content-Encoding must be gzip or none"
        raise GatewayError(415, "unsupported_encoding", message)
    return _unpacked(body, limit)


def _unpacked(body: bytes, limit: int) -> bytes:
    """The body unpacked, of which never more than `limit` bytes and one are made."""
    unpacker = zlib.decompressobj(wbits=31)  # gzip's own head and checksum
    try:
        unpacked = unpacker.decompress(body, limit + 1)
    except zlib.error:
        raise bad_request("Invalid request: the body is not gzip") from None
    if len(unpacked) > limit:
        message = f"Invalid request: the body, unpacked, exceeds the limit ({limit} bytes)"
        raise GatewayError(413, "body_too_large", message)
    if not unpacker.eof or unpacker.unused_data:
        raise bad_request("Invalid request: the body is not one whole gzip stream")
    return unpacked


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise bad_request(_NOT_UTF8) from None


def _fields(encoded: bytes, settings: Settings) -> dict[str, list[str]]:
    check_form(encoded, settings)
    if encoded.count(b"&") >= MAX_FIELDS:
        raise bad_request(f"Invalid request: more than {MAX_FIELDS} fields")
    values: dict[str, list[str]] = {}
    for field in filter(None, encoded.split(b"&")):
        name, _, value = field.partition(b"=")
        values.setdefault(_unescaped(name), []).append(_unescaped(value))
    return values


def _unescaped(encoded: bytes) -> str:
    """A piece at a time: of a whole text, Python's lock would be held for a third of a second."""
    pieces = []
    start, spaced = 0, encoded.replace(b"+", b" ")
    while start < len(spaced):
        end = start + _PIECE
        torn = spaced.rfind(b"%", end - 2, end)
        end = end if torn < 0 else torn
        pieces.append(unquote_to_bytes(spaced[start:end]))
        start = end
    return _decode(b"".join(pieces))


def _looks_like_parameters(text: str) -> bool:
    """JSON that fetch() sent without a Content-Type of its own: text/plain, then."""
    return _JSON.match(text) is not None


def _object(text: str, settings: Settings) -> dict[str, Any]:
    check_json(text, settings)
    try:
        document = json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise bad_request("Invalid JSON format") from None
    if not isinstance(document, dict):
        raise bad_request("Invalid JSON format")
    if _SURROGATE.search(text):
        _check_characters(document)
    return document


def _check_characters(document: dict[str, Any]) -> None:
    """Half of a surrogate pair is no character: no answer could quote it, no model read it."""
    for name, value in document.items():
        try:
            json.dumps([name, value], ensure_ascii=False).encode()
        except UnicodeEncodeError:
            shown = name.encode("utf-8", "replace").decode()[:40]
            raise bad_request(
                f"Invalid request: {shown} contains half of a surrogate pair"
            ) from None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _merged(one: dict[str, list[str]], two: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: one.get(name, []) + two.get(name, []) for name in one.keys() | two.keys()}
