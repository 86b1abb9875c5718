"""Terraform's plugin protocol 5, as far as it is needed: its messages, its values in msgpack."""

import json
from typing import Any

import msgpack
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from tests.up.wire import UNKNOWN

# Name: field type number; `*` repeated, `%` map from string. Fields that nobody here reads are
# left out.
_MESSAGES = """
DynamicValue: msgpack bytes 1
Step: attribute_name string 1, element_key_string string 2, element_key_int int64 3
AttributePath: steps *Step 1
Diagnostic: severity int32 1, summary string 2, detail string 3, attribute AttributePath 4
Attribute: name string 1, type bytes 2, required bool 4, optional bool 5, computed bool 6
NestedBlock: type_name string 1, block Block 2, nesting int32 3, max_items int64 5
Block: attributes *Attribute 2, block_types *NestedBlock 3
Schema: block Block 2
GetSchemaRequest:
GetSchemaResponse: provider Schema 1, resource_schemas %Schema 2, data_source_schemas %Schema 3
ConfigureRequest: terraform_version string 1, config DynamicValue 2
ConfigureResponse: diagnostics *Diagnostic 1
ValidateResourceTypeConfigRequest: type_name string 1, config DynamicValue 2
ValidateResourceTypeConfigResponse: diagnostics *Diagnostic 1
ReadResourceRequest: type_name string 1, current_state DynamicValue 2, private bytes 3
ReadResourceResponse: new_state DynamicValue 1, diagnostics *Diagnostic 2, private bytes 3
PlanResourceChangeRequest: type_name string 1, prior_state DynamicValue 2,\
 proposed_new_state DynamicValue 3, config DynamicValue 4, prior_private bytes 5
PlanResourceChangeResponse: planned_state DynamicValue 1, requires_replace *AttributePath 2,\
 planned_private bytes 3, diagnostics *Diagnostic 4
ApplyResourceChangeRequest: type_name string 1, prior_state DynamicValue 2,\
 planned_state DynamicValue 3, config DynamicValue 4, planned_private bytes 5
ApplyResourceChangeResponse: new_state DynamicValue 1, private bytes 2, diagnostics *Diagnostic 3
ImportResourceStateRequest: type_name string 1, id string 2
ImportedResource: type_name string 1, state DynamicValue 2, private bytes 3
ImportResourceStateResponse: imported_resources *ImportedResource 1, diagnostics *Diagnostic 2
ReadDataSourceRequest: type_name string 1, config DynamicValue 2
ReadDataSourceResponse: state DynamicValue 1, diagnostics *Diagnostic 2
StopRequest:
StopResponse: Error string 1
"""
_KINDS = {"string": 9, "bytes": 12, "bool": 8, "int64": 3, "int32": 5}
_PACKAGE = "tfplugin5"
_ERROR = 1  # a diagnostic's severity


def _messages() -> dict[str, type]:
    file = descriptor_pb2.FileDescriptorProto(name="tests.proto", package=_PACKAGE, syntax="proto3")
    for line in _MESSAGES.split("\n"):
        name, _, fields = line.partition(":")
        if name:
            message = file.message_type.add(name=name)
            for field in filter(None, fields.split(",")):
                _add_field(message, *field.split())
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)  # type: ignore[no-untyped-call]
    names = [message.name for message in file.message_type]
    found = {name: pool.FindMessageTypeByName(f"{_PACKAGE}.{name}") for name in names}
    return {name: message_factory.GetMessageClass(kind) for name, kind in found.items()}


def _add_field(message: Any, name: str, kind: str, number: str) -> None:
    many, base = kind[0] in "*%", kind.lstrip("*%")
    field = message.field.add(name=name, number=int(number), label=3 if many else 1)
    if kind[0] == "%":
        entry = message.nested_type.add(name=name.title().replace("_", "") + "Entry")
        entry.options.map_entry = True
        entry.field.add(name="key", number=1, label=1, type=9)
        entry.field.add(name="value", number=2, label=1, type=11, type_name=f".{_PACKAGE}.{base}")
        field.type, field.type_name = 11, f".{_PACKAGE}.{message.name}.{entry.name}"
    elif base in _KINDS:
        field.type = _KINDS[base]
    else:
        field.type, field.type_name = 11, f".{_PACKAGE}.{base}"


MESSAGES = _messages()


def errors(answer: Any) -> list[str]:
    """What went wrong, a sentence or two a diagnostic."""
    found = [d for d in answer.diagnostics if d.severity == _ERROR]
    return [f"{d.summary}: {d.detail}" if d.detail else d.summary for d in found]


def path(attribute_path: Any) -> list[Any]:
    return [
        step.attribute_name or step.element_key_string or step.element_key_int
        for step in attribute_path.steps
    ]


def encode(value: Any, kind: Any) -> bytes:
    """`kind` is a type in Terraform's JSON notation, such as ["list", "string"]."""
    packed: bytes = msgpack.packb(_out(value, kind), use_bin_type=True)
    return packed


def decode(data: bytes, kind: Any) -> Any:
    unpacked = msgpack.unpackb(
        data, raw=False, strict_map_key=False, ext_hook=lambda code, rest: UNKNOWN
    )
    return _in(unpacked, kind)


def _out(value: Any, kind: Any) -> Any:
    if value is UNKNOWN:
        return msgpack.ExtType(0, b"\0")
    if value is None:
        return None
    if isinstance(kind, str):
        return _SCALARS[kind](value)
    outer, inner = kind
    if outer in ("list", "set"):
        return [_out(entry, inner) for entry in value]
    if outer == "map":
        return {key: _out(entry, inner) for key, entry in value.items()}
    return {key: _out(value.get(key), entry) for key, entry in inner.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool | dict | list):
        return json.dumps(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _number(value: Any) -> float | int:
    number = float(value)
    return int(number) if number.is_integer() else number


_SCALARS = {"string": _text, "number": _number, "bool": lambda value: str(value).lower() == "true"}


def _in(value: Any, kind: Any) -> Any:
    """Numbers without an exact binary form come as text."""
    if value is None or value is UNKNOWN:
        return value
    if isinstance(kind, str):
        return float(value) if kind == "number" and isinstance(value, str) else value
    outer, inner = kind
    if outer in ("list", "set"):
        return [_in(entry, inner) for entry in value]
    if outer == "map":
        return {key: _in(entry, inner) for key, entry in value.items()}
    return {key: _in(entry, inner[key]) for key, entry in value.items()}
