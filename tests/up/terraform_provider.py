"""The real AWS provider of Terraform, a program of its own that is asked over its protocol."""

import json
import os
import subprocess
import threading
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import grpc

from tests.up.plugin import UNLIMITED
from tests.up.terraform_protocol import MESSAGES, errors

# Says to the program that it is no user who starts it; the same for every provider.
COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
NESTINGS = {1: "single", 2: "list", 3: "set", 4: "map", 5: "single"}
NAME = "terraform-provider-aws_v5.*"  # 6 speaks protocol 5 too, but no version of it was tried
# Where Terraform itself looks, and where images put plugins.
PLACES = (
    "~/.terraform.d/plugins",
    "~/.local/share/terraform/plugins",
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
    "/opt/tf-plugins",
)

Schema = dict[str, Any]


def find_binary() -> Path | None:
    """The newest below TF_PLUGIN_DIR (empty: none), else where Terraform keeps plugins."""
    named = os.environ.get("TF_PLUGIN_DIR")
    places = PLACES if named is None else [named] if named else []
    return next((path for place in places for path in _below(place)), None)


def _below(place: str) -> Iterator[Path]:
    programs = Path(place).expanduser().glob(f"**/{NAME}")
    yield from sorted((p for p in programs if os.access(p, os.X_OK)), reverse=True)


class FailedError(Exception):
    """The provider's own words."""


class TerraformProvider:
    """`cache` is a folder for the schema, which takes seconds to ask."""

    def __init__(self, binary: Path, cache: Path) -> None:
        self._binary, self._cache = binary, cache
        self._lock = threading.Lock()
        self._known: dict[str, Any] | None = None
        environment = {**os.environ, "TF_PLUGIN_MAGIC_COOKIE": COOKIE}
        self._process = subprocess.Popen(
            [binary],
            env={**environment, "PLUGIN_PROTOCOL_VERSIONS": "5", "TF_LOG": "off"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        words = self._process.stdout.readline().strip().split("|")
        if len(words) < 5 or words[1] != "5":
            raise RuntimeError(f"{binary} does not speak Terraform's plugin protocol 5: {words}")
        self._drain = threading.Thread(target=self._process.stdout.read, daemon=True)
        self._drain.start()
        options = [("grpc.default_authority", "localhost"), *UNLIMITED]
        self._channel = grpc.insecure_channel(f"{words[2]}:{words[3]}", options=options)

    def start(self, method: str, **fields: Any) -> Any:
        """The call's future."""
        call = self._channel.unary_unary(
            f"/tfplugin5.Provider/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=MESSAGES[f"{method}Response"].FromString,  # type: ignore[attr-defined]
        )
        return call.future(MESSAGES[f"{method}Request"](**fields))

    def call(self, method: str, **fields: Any) -> Any:
        return self.start(method, **fields).result()

    def ask(self, method: str, **fields: Any) -> Any:
        """The answer. Raises FailedError with what the provider says is wrong."""
        answer = self.call(method, **fields)
        if found := errors(answer):
            raise FailedError("; ".join(found))
        return answer

    def types(self, kind: str) -> Collection[str]:
        """Terraform's names of its `resource`s or `data` sources."""
        return self._schema()[kind]

    def block(self, kind: str, name: str) -> Schema:
        return _block(self._schema()[kind][name].block)

    def _schema(self) -> dict[str, Any]:
        with self._lock:
            if self._known is None:
                answer = self._load()
                self._known = {
                    "provider": {"": answer.provider},
                    "resource": answer.resource_schemas,
                    "data": answer.data_source_schemas,
                }
        return self._known

    def _load(self) -> Any:
        path = self._cache / f"{self._binary.name}.schema"
        if path.exists():
            return MESSAGES["GetSchemaResponse"].FromString(path.read_bytes())  # type: ignore[attr-defined]
        answer = self.call("GetSchema")
        self._cache.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(answer.SerializeToString())
        part.replace(path)
        return answer

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._drain.join()
        self._process.stdout.close()


def _block(block: Any) -> Schema:
    """{"attributes": {name: {type, ...}}, "blocks": {name: {nesting, max, block}}}."""
    return {
        "attributes": {
            a.name: {
                "type": json.loads(a.type),
                "given": a.optional or a.required,
                "required": a.required,
                "computed": a.computed,
            }
            for a in block.attributes
        },
        "blocks": {
            b.type_name: {
                "nesting": NESTINGS[b.nesting],
                "max": b.max_items,
                "block": _block(b.block),
            }
            for b in block.block_types
        },
    }


def block_type(block: Schema) -> list[Any]:
    """The type of a block's values, in Terraform's JSON notation."""
    fields = {name: attribute["type"] for name, attribute in block["attributes"].items()}
    for name, nested in block["blocks"].items():
        inner = block_type(nested["block"])
        fields[name] = inner if nested["nesting"] == "single" else [nested["nesting"], inner]
    return ["object", fields]


def proposed(block: Schema, prior: dict[str, Any] | None, config: Any) -> Any:
    """What Terraform proposes: the configuration, and what only the provider knows from before."""
    if not isinstance(config, dict):
        return config
    old, new = prior or {}, {}
    for name, attribute in block["attributes"].items():
        value = config.get(name)
        new[name] = old.get(name) if value is None and attribute["computed"] else value
    for name, nested in block["blocks"].items():
        new[name] = _proposed_blocks(nested, old.get(name), config.get(name))
    return new


def _proposed_blocks(nested: Schema, old: Any, new: Any) -> Any:
    block = nested["block"]
    if nested["nesting"] == "set" and isinstance(new, list):
        return [proposed(block, _same(block, old or [], entry), entry) for entry in new]
    if isinstance(new, list):
        olds = [*(old or []), *([None] * len(new))]
        return [proposed(block, was, entry) for was, entry in zip(olds, new, strict=False)]
    return proposed(block, old, new)


def _same(block: Schema, olds: list[Any], new: Any) -> Any:
    """The old element of a set that differs from the new one only in what the provider computes."""
    return next((old for old in olds if isinstance(new, dict) and _fits(block, old, new)), None)


def _fits(block: Schema, old: dict[str, Any], new: dict[str, Any]) -> bool:
    def computed(name: str) -> bool:
        return bool(new[name] is None and block["attributes"][name]["computed"])

    same = all(old[name] == new[name] or computed(name) for name in block["attributes"])
    return same and all(not new[name] or new[name] == old[name] for name in block["blocks"])
