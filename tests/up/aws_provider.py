"""A `pulumi-resource-aws` for tests: Pulumi's provider protocol in front, Terraform's own AWS
provider behind. What is planned, replaced, sent and read is the real provider's doing; ours are
the names, and the question whether a replacement is deleted first."""

import json
import os
import re
import threading
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2

from tests.infra.terraform import terraform_type
from tests.up import names
from tests.up.kind import Kind
from tests.up.plugin import PartlyMadeError, Provider, difference, random_suffix, serve
from tests.up.terraform_protocol import encode, errors, path
from tests.up.terraform_provider import (
    FailedError,
    TerraformProvider,
    block_type,
    proposed,
)
from tests.up.wire import UNKNOWN, Values, split_urn, to_python, to_struct

DEFAULTS = "__defaults"  # where inputs that were made up are listed, as in the real plugin
# What the provider goes on to watch for a minute after it was sent: read at once instead.
SETTLED_AT_ONCE = {"aws_s3_bucket_lifecycle_configuration"}
SETTLES = 3  # seconds until what was sent to moto can be read for certain
EMPTY: tuple[Any, ...] = (None, "", [], {})


class Aws(Provider):
    version = "7.51.1"

    def __init__(self, terraform: TerraformProvider, cache: Path, endpoint: str) -> None:
        self._tf, self._cache, self._endpoint = terraform, cache, endpoint
        self._kinds: dict[str, Kind] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        self._tf.close()

    def Cancel(self, request: Any, context: Any) -> Any:
        self._tf.call("Stop")
        return super().Cancel(request, context)

    def Configure(self, request: Any, context: Any) -> Any:
        self.configure({key: _parsed(value) for key, value in to_python(request.args).items()})
        return super().Configure(request, context)

    def configure(self, given: Values) -> None:
        block = self._tf.block("provider", "")
        known = {ours: value for ours, value in given.items() if ours in names.table(block)}
        services = block["blocks"]["endpoints"]["block"]["attributes"]
        local = {
            "accessKey": "testing",
            "secretKey": "testing",
            "s3UsePathStyle": True,
            "maxRetries": 2,
            "skipCredentialsValidation": True,
            "skipMetadataApiCheck": "true",
            "skipRegionValidation": True,
            "endpoints": [{names.camel(name): self._endpoint for name in services}],
        }
        config = names.to_terraform(block, {**known, **local})
        packed = {"msgpack": encode(config, block_type(block))}
        self._tf.ask("Configure", terraform_version="1.11.4", config=packed)

    def Check(self, request: Any, context: Any) -> Any:
        kind, news = self._kind(request.urn), to_python(request.news)
        self._make_up_name(kind, request, to_python(request.olds), news)
        try:
            config = kind.pack(kind.config(news))
        except names.UnknownNameError as error:
            reasons = [str(error)]
        else:
            reasons = errors(
                self._tf.call("ValidateResourceTypeConfig", type_name=kind.name, config=config)
            )
        failures = [provider_pb2.CheckFailure(reason=reason) for reason in reasons]
        return provider_pb2.CheckResponse(inputs=to_struct(news), failures=failures)

    def _make_up_name(self, kind: Kind, request: Any, olds: Values, news: Values) -> None:
        key, made_up = kind.own_name, []
        if key and news.get(key) is None:
            name = split_urn(request.urn)[1]
            made = f"{name}-{random_suffix(request.randomSeed, name)}"
            kept = key in (olds.get(DEFAULTS) or [])
            news[key] = olds[key] if kept else made
            made_up = [key]
        news[DEFAULTS] = made_up

    def Diff(self, request: Any, context: Any) -> Any:
        kind = self._kind(request.urn)
        olds, news = to_python(request.olds), to_python(request.news)
        prior, private = kind.state(olds, request.id)
        changed = self.changes(kind, prior, self._config(kind, request, prior), private)
        ours = {theirs: name for name, (theirs, _) in reversed(kind.names.items())}
        ours |= {kind.names[name][0]: name for name in news if name in kind.names}
        changes = {}
        for theirs, forces in changed.items():
            verb = "UPDATE" if ours[theirs] in olds else "ADD"
            changes[ours[theirs]] = verb + ("_REPLACE" if forces else "")
        named = kind.own_name in news and kind.own_name not in (news.get(DEFAULTS) or [])
        return difference(changes, deleteBeforeReplace=named and any(changed.values()))

    def changes(self, kind: Kind, prior: Values, config: Values, private: bytes) -> dict[str, bool]:
        """What would change, in Terraform's names, and whether it forces a replacement.

        What only the provider computes is no change, unless nothing else changes.
        """
        planned, replacing, _ = self._plan(kind, prior, config, private)
        changed = {name for name in planned if not _same(planned[name], prior.get(name))}
        forcing = {p[0] for p in replacing if p and _differs(prior, planned, p)} & changed
        attributes = kind.block["attributes"]
        given = {name for name in changed if attributes.get(name, {"given": True})["given"]}
        return {name: name in forcing for name in (given or changed) | forcing}

    def Create(self, request: Any, context: Any) -> Any:
        kind, inputs = self._kind(request.urn), to_python(request.properties)
        config = kind.config(inputs)
        planned, _, private = self._plan(kind, None, config, b"")
        if request.preview:
            return provider_pb2.CreateResponse(properties=to_struct(kind.outputs(planned, inputs)))
        identifier, outputs = self._apply(kind, None, planned, config, private, inputs)
        return provider_pb2.CreateResponse(id=identifier, properties=to_struct(outputs))

    def Update(self, request: Any, context: Any) -> Any:
        kind, news = self._kind(request.urn), to_python(request.news)
        prior, private = kind.state(to_python(request.olds), request.id)
        config = self._config(kind, request, prior)
        planned, _, private = self._plan(kind, prior, config, private)
        if request.preview:
            outputs = kind.outputs(planned, news, private)
        else:
            _, outputs = self._apply(kind, prior, planned, config, private, news)
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    def Delete(self, request: Any, context: Any) -> Any:
        kind = self._kind(request.urn)
        prior, private = kind.state(to_python(request.properties), request.id)
        nothing = kind.pack(None)
        self._tf.ask(
            "ApplyResourceChange",
            type_name=kind.name,
            prior_state=kind.pack(prior),
            planned_state=nothing,
            config=nothing,
            planned_private=private,
        )
        return empty_pb2.Empty()

    def Read(self, request: Any, context: Any) -> Any:
        kind = self._kind(request.urn)
        olds, inputs = to_python(request.properties), to_python(request.inputs)
        if olds:
            state, private = kind.state(olds, request.id)
        else:  # an import
            answer = self._tf.ask("ImportResourceState", type_name=kind.name, id=request.id)
            found = answer.imported_resources[0]
            state, private = kind.unpack(found.state), found.private
        state, private = self._read(kind, state, private)
        if state is None:
            return provider_pb2.ReadResponse()
        outputs = kind.outputs(state, inputs or olds, private)
        news = _found_inputs(inputs, outputs) if inputs else _imported_inputs(kind, outputs)
        return provider_pb2.ReadResponse(
            id=state.get("id") or request.id, properties=to_struct(outputs), inputs=to_struct(news)
        )

    def Invoke(self, request: Any, context: Any) -> Any:
        name, args = names.data_source(request.tok, self._tf.types("data")), to_python(request.args)
        block = self._tf.block("data", name)
        kind = Kind(name, block, self._cache)
        config = {"msgpack": encode(names.to_terraform(block, args), block_type(block))}
        answer = self._tf.ask("ReadDataSource", type_name=name, config=config)
        found = names.to_pulumi(block, kind.unpack(answer.state), args)
        return provider_pb2.InvokeResponse(**{"return": to_struct({"id": "-", **found})})

    def _kind(self, urn: str) -> Kind:
        return self.kind(terraform_type(split_urn(urn)[0]))

    def kind(self, name: str) -> Kind:
        with self._lock:
            if name not in self._kinds:
                self._kinds[name] = Kind(name, self._tf.block("resource", name), self._cache)
        return self._kinds[name]

    def _config(self, kind: Kind, request: Any, prior: Values) -> Values:
        """Of the new inputs, but for those that the program wants ignored."""
        config = kind.config(to_python(request.news))
        for property_path in request.ignoreChanges:
            theirs = kind.names[re.split(r"[.\[]", property_path)[0]][0]
            config[theirs] = prior.get(theirs)
        return config

    def _plan(
        self, kind: Kind, prior: Values | None, config: Values, private: bytes
    ) -> tuple[Values, list[list[Any]], bytes]:
        """The planned state, the paths whose change replaces the resource, private data."""
        answer = self._tf.ask(
            "PlanResourceChange",
            type_name=kind.name,
            prior_state=kind.pack(prior),
            config=kind.pack(config),
            proposed_new_state=kind.pack(proposed(kind.block, prior, config)),
            prior_private=private,
        )
        replacing = [path(found) for found in answer.requires_replace]
        return kind.unpack(answer.planned_state), replacing, answer.planned_private

    def _apply(
        self,
        kind: Kind,
        prior: Values | None,
        planned: Values,
        config: Values,
        private: bytes,
        inputs: Values,
    ) -> tuple[str, Values]:
        """The identifier and the outputs. Raises PartlyMadeError if it is there in spite of errors.

        The real plugin's own; see pulumi-terraform-bridge.
        """
        applying = self._tf.start(
            "ApplyResourceChange",
            type_name=kind.name,
            prior_state=kind.pack(prior),
            planned_state=kind.pack(planned),
            config=kind.pack(config),
            planned_private=private,
        )
        if kind.name in SETTLED_AT_ONCE:
            return self._settle(applying, kind, planned, inputs)
        answer = applying.result()
        state = kind.unpack(answer.new_state)
        reason = "; ".join(errors(answer))
        identifier = (state or {}).get("id") or (prior or {}).get("id") or ""
        if reason and not (state and identifier):
            raise FailedError(reason)
        outputs = kind.outputs(state, inputs, answer.private)
        if reason:
            raise PartlyMadeError(identifier, outputs, inputs, reason)
        return identifier or "-", outputs

    def _settle(
        self, applying: Any, kind: Kind, planned: Values, inputs: Values
    ) -> tuple[str, Values]:
        """What was sent is what is read, without the provider's long second looks."""
        try:
            answer = applying.result(timeout=SETTLES)
        except grpc.FutureTimeoutError:
            applying.cancel()
        else:
            raise FailedError("; ".join(errors(answer)) or f"{kind.name} needs no settling")
        bucket = planned["bucket"]
        known = {name: None if value is UNKNOWN else value for name, value in planned.items()}
        state, private = self._read(kind, {**known, "id": bucket}, b"")
        if state is None:
            raise FailedError(f"{bucket} has no {kind.name}")
        return bucket, kind.outputs(state, inputs, private)

    def _read(self, kind: Kind, state: Values, private: bytes) -> tuple[Values | None, bytes]:
        answer = self._tf.ask(
            "ReadResource", type_name=kind.name, current_state=kind.pack(state), private=private
        )
        return kind.unpack(answer.new_state), answer.private


def _found_inputs(given: Any, found: Any) -> Any:
    """The inputs as AWS has them now, without what the program leaves to the provider."""
    if isinstance(given, dict) and isinstance(found, dict):
        return {key: _found_inputs(entry, found.get(key, entry)) for key, entry in given.items()}
    if isinstance(given, list) and isinstance(found, list) and len(given) == len(found):
        return [_found_inputs(entry, other) for entry, other in zip(given, found, strict=True)]
    return given if _same(_unwritten(given), _unwritten(found)) else found


def _unwritten(value: Any) -> Any:
    """A policy, which is a text of JSON, however it is written."""
    if not isinstance(value, str) or value[:1] != "{":
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _imported_inputs(kind: Kind, outputs: Values) -> Values:
    given = {}
    for name, (_, schema) in kind.names.items():
        if _is_own(schema) and outputs.get(name) not in (*EMPTY, False, 0):
            given[name] = outputs[name]
    return {**given, DEFAULTS: []}


def _is_own(schema: names.Schema) -> bool:
    """Whether only a program can have set it."""
    return "nesting" in schema or schema["required"] or not schema["computed"]


def _parsed(value: Any) -> Any:
    """The engine passes what configures a provider as JSON text."""
    if not isinstance(value, str) or value[:1] not in "[{":
        return value
    return json.loads(value)


def _same(a: Any, b: Any) -> bool:
    return bool(a == b or (a in EMPTY and b in EMPTY))


def _differs(prior: Any, planned: Any, steps: list[Any]) -> bool:
    """Whether the value there changes. A set's element has no path: it counts as changing."""
    for step in steps:
        prior, planned = _step(prior, step), _step(planned, step)
    return planned is UNKNOWN or bool(prior != planned)


def _step(value: Any, step: Any) -> Any:
    try:
        return value if value is UNKNOWN else value[step]
    except (KeyError, IndexError, TypeError):
        return None


def main() -> None:
    cache = Path(os.environ["DOUBLES_CACHE"])
    terraform = TerraformProvider(Path(os.environ["DOUBLES_TERRAFORM_PROVIDER"]), cache)
    serve(Aws(terraform, cache, os.environ["AWS_ENDPOINT_URL"]))


if __name__ == "__main__":
    main()
