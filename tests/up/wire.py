"""The values of Pulumi's protocols: protobuf's structs from and to Python's own."""

from typing import Any

from google.protobuf import struct_pb2

# Pulumi's own marks, the same in every SDK.
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
ASSET, ARCHIVE = "c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"

Values = dict[str, Any]


class Unknown:
    """A value that only an `up` will know."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


def to_python(value: Any) -> Any:
    """A Struct or a Value: unknowns as UNKNOWN, secrets bare, assets as dicts."""
    if isinstance(value, struct_pb2.Struct):
        return {key: to_python(entry) for key, entry in value.fields.items()}
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        entries = to_python(value.struct_value)
        return entries["value"] if entries.get(SIGNATURE) == SECRET else entries
    if kind == "list_value":
        return [to_python(entry) for entry in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    plain = getattr(value, kind) if kind and kind != "null_value" else None
    return UNKNOWN if plain == UNKNOWN_TEXT else plain


def to_struct(values: Values) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(_known(values))
    return struct


def _known(value: Any) -> Any:
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, dict):
        return {key: _known(entry) for key, entry in value.items()}
    return [_known(entry) for entry in value] if isinstance(value, list) else value


def is_asset(value: Any) -> bool:
    return isinstance(value, dict) and value.get(SIGNATURE) in (ASSET, ARCHIVE)


def is_known(value: Any) -> bool:
    if isinstance(value, dict):
        return all(is_known(entry) for entry in value.values())
    if isinstance(value, list):
        return all(is_known(entry) for entry in value)
    return value is not UNKNOWN


def split_urn(urn: str) -> tuple[str, str]:
    """(type token, name)."""
    _, _, types, name = urn.split("::", 3)
    return types.rpartition("$")[2], name
