"""Pulumi's names and shapes of AWS resources from and to Terraform's, by the provider's schema.

The rules are those of Pulumi's bridge: camelCase for snake_case, plural for lists, a single value
for a list of at most one. Where the bridge's authors chose otherwise by hand, the shape that the
program itself uses decides (`like`), or an entry in tests/infra/terraform.py does.
"""

import re
from collections.abc import Callable, Collection
from typing import Any

from tests.infra.terraform import OWN_WORDS, WORDS
from tests.up.wire import UNKNOWN, Values, is_asset

Schema = dict[str, Any]
ONE_TEXT = {"queues"}  # a list of at most one, and a text in Pulumi's names
NEWER = {"region"}  # of every resource in the provider's version 6, of none in 5


class UnknownNameError(ValueError):
    """An input that the provider does not have."""


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in tail)


def plural(name: str) -> str:
    if re.search(r"[^aeiou]y$", name):
        return name[:-1] + "ies"
    if re.search(r"(s|x|ch|sh)$", name):
        return name if re.search(r"[^s]s$", name) else name + "es"
    return name + "s"


def data_source(token: str, known: Collection[str]) -> str:
    """aws:ecr/getAuthorizationToken:getAuthorizationToken is aws_ecr_authorization_token."""
    module, name = re.split(r"[:/]", token)[1:3]
    own = snake(name).removeprefix("get_")
    return next(n for n in (f"aws_{module}_{own}", f"aws_{own}") if n in known)


def table(block: Schema, type_name: str = "") -> dict[str, tuple[str, Schema]]:
    """{Pulumi's name: (Terraform's, its schema)}; of several, the usual one comes first."""
    members = {**block["attributes"], **block["blocks"]}
    own = OWN_WORDS.get(type_name, {})
    found = {ours: (theirs, members[theirs]) for ours, theirs in own.items()}
    rest = {name: schema for name, schema in members.items() if name not in own.values()}
    for name, schema in rest.items():
        found.setdefault(camel(plural(name)) if _is_list(schema) else camel(name), (name, schema))
    for name, schema in rest.items():  # other spellings, where they are free
        found.setdefault(camel(name), (name, schema))
        if "nesting" in schema:
            found.setdefault(camel(plural(name)), (name, schema))
    irregular = {ours: theirs for ours, theirs in WORDS.items() if theirs in rest}
    return {ours: (theirs, rest[theirs]) for ours, theirs in irregular.items()} | found


def _is_list(schema: Schema) -> bool:
    """Whether Pulumi has a list there."""
    if "nesting" in schema:
        return schema["nesting"] in ("list", "set") and schema["max"] != 1
    return schema["type"][0] in ("list", "set")


def to_terraform(
    block: Schema, values: Values, type_name: str = "", file: Callable[[Values], str] = str
) -> dict[str, Any]:
    """The block's object with every attribute; `file` answers the path of an asset.

    Raises UnknownNameError for a name that the block does not have.
    """
    names = table(block, type_name)
    out: dict[str, Any] = dict.fromkeys(block["attributes"])
    out |= {name: _none(schema) for name, schema in block["blocks"].items()}
    for name, value in values.items():
        if value is None or name.startswith("__") or name in (NEWER | {"id"}) - {*names}:
            continue
        if name not in names:
            raise UnknownNameError(f"{name} is no input of {type_name or 'this block'}")
        theirs, schema = names[name]
        out[theirs] = file(value) if is_asset(value) else _to_member(schema, value)
    return out


def _none(schema: Schema) -> Any:
    return {"list": [], "set": [], "map": {}}.get(schema["nesting"])


def _to_member(schema: Schema, value: Any) -> Any:
    if value is UNKNOWN:
        return value
    if "type" in schema:
        return _to_type(schema["type"], value)

    def one(entry: Any) -> Any:
        return entry if entry is UNKNOWN else to_terraform(schema["block"], entry)

    if schema["nesting"] in ("list", "set"):
        return [one(entry) for entry in (value if isinstance(value, list) else [value])]
    return one(value)


def _to_type(kind: Any, value: Any) -> Any:
    if value is None or value is UNKNOWN or isinstance(kind, str):
        return value
    outer, inner = kind
    if outer in ("list", "set"):
        return [_to_type(inner, entry) for entry in (value if isinstance(value, list) else [value])]
    if outer == "map":
        return value
    spelt = {camel(plural(key)): key for key in inner} | {camel(key): key for key in inner}
    given = {spelt[key]: entry for key, entry in value.items()}
    return {key: _to_type(entry, given.get(key)) for key, entry in inner.items()}


def to_pulumi(block: Schema, state: Values, like: Any = None, type_name: str = "") -> Values:
    """The state in Pulumi's names, without nulls; `like` has the shape that the program uses."""
    like = like if isinstance(like, dict) else {}
    names, out, done = table(block, type_name), {}, {"id"} if type_name else set()
    for ours in sorted(names, key=lambda name: name not in like):
        theirs, schema = names[ours]
        if theirs not in done and state.get(theirs) is not None and not _is_unset(theirs, state):
            found = _from_member(schema, state[theirs], like.get(ours), ours in like)
            if found is not None:
                out[ours] = found
        done.add(theirs)
    return out


def _is_unset(theirs: str, state: Values) -> bool:
    return theirs in ONE_TEXT and not state[theirs]


def _from_member(schema: Schema, value: Any, like: Any, is_like: bool) -> Any:
    if value is UNKNOWN:
        return value
    single = is_like and like is not UNKNOWN and not isinstance(like, list)
    if "type" in schema:
        found = _from_type(schema["type"], value)
        return found[0] if single and isinstance(found, list) and len(found) == 1 else found
    block = schema["block"]
    if schema["nesting"] == "single":
        return to_pulumi(block, value, like)
    if single or (schema["max"] == 1 and not isinstance(like, list)):
        return to_pulumi(block, value[0], like) if value and value[0] is not UNKNOWN else None
    if not value and not is_like:
        return None
    likes = [*like] if isinstance(like, list) and like else [None]
    likes += [likes[-1]] * len(value)
    pairs = zip(value, likes, strict=False)
    return [v if v is UNKNOWN else to_pulumi(block, v, own) for v, own in pairs]


def _from_type(kind: Any, value: Any) -> Any:
    if value is None or value is UNKNOWN or isinstance(kind, str):
        return value
    outer, inner = kind
    if outer in ("list", "set"):
        return [_from_type(inner, entry) for entry in value]
    if outer == "map":
        return value
    return {camel(k): _from_type(inner[k], v) for k, v in value.items() if v is not None}
