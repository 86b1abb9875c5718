"""The real `__main__.py`, run as Pulumi's language host runs it, with a recorder for an engine."""

import asyncio
import contextvars
import json
import os
import runpy
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import pulumi
import yaml
from google.protobuf import json_format
from pulumi.runtime import mocks, rpc, settings, stack
from pulumi.runtime.config import set_all_config
from pulumi.runtime.proto import engine_pb2

from infra import clients
from tests.running import ROOT

PROJECT = "serverless-translation"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # Pulumi's mark of a secret value on the wire


@dataclass
class Resource:
    """One request to register a resource; `inputs` have the provider's camelCase names."""

    type: str
    name: str
    urn: str
    inputs: dict[str, Any]
    secrets: list[str]  # the inputs that hold a secret
    parent: str
    provider: str
    dependencies: set[str]  # URNs
    protect: bool
    delete_before_replace: bool
    replacement_trigger: str | None
    replace_on_changes: list[str]
    ignore_changes: list[str]
    retain_on_delete: bool
    timeouts: dict[str, str]
    secret_outputs: list[str]
    id: str
    outputs: dict[str, Any]


@dataclass
class Deployment:
    resources: list[Resource] = field(default_factory=list)
    exports: dict[str, Any] = field(default_factory=dict)
    secret_exports: list[str] = field(default_factory=list)
    invokes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def all(self, kind: str) -> list[Resource]:
        """Those of a type, named by its last part: Bucket."""
        return [r for r in self.resources if r.type.split(":")[-1] == kind]

    def one(self, kind: str, name: str | None = None) -> Resource:
        found = [r for r in self.all(kind) if name is None or r.name.endswith(name)]
        assert len(found) == 1, f"{len(found)} of {kind} {name}: {[r.name for r in found]}"
        return found[0]

    def by_urn(self, urn: str) -> Resource:
        return next(r for r in self.resources if r.urn == urn)


class Recorder(mocks.MockMonitor):
    """Pulumi's mock of an engine, which also keeps the whole of each request."""

    def __init__(self, backend: pulumi.runtime.Mocks) -> None:
        super().__init__(backend)
        self.deployment = Deployment()
        self.closed = False

    def RegisterResource(self, request: Any) -> Any:
        if request.type == "pulumi:pulumi:Stack":
            return super().RegisterResource(request)
        if self.closed:
            raise RuntimeError("the program has ended")
        response = super().RegisterResource(request)
        self.deployment.resources.append(self._record(request, response.urn))
        return response

    def _record(self, request: Any, urn: str) -> Resource:
        raw = json_format.MessageToDict(request.object)
        inputs = rpc.deserialize_properties(request.object, keep_unknowns=True)
        limits = request.customTimeouts
        return Resource(
            type=request.type,
            name=request.name,
            urn=urn,
            inputs=plain(inputs),
            secrets=sorted(key for key, value in raw.items() if _SECRET in json.dumps(value)),
            parent=request.parent,
            provider=request.provider,
            dependencies=set(request.dependencies),
            protect=request.protect,
            delete_before_replace=request.deleteBeforeReplace,
            replacement_trigger=request.replacement_trigger.string_value or None,
            replace_on_changes=list(request.replaceOnChanges),
            ignore_changes=list(request.ignoreChanges),
            retain_on_delete=request.retainOnDelete,
            timeouts={
                "create": limits.create,
                "update": limits.update,
                "delete": limits.delete,
            },
            secret_outputs=sorted(request.additionalSecretOutputs),
            id=self.resources[urn].id or "",
            outputs=self.resources[urn].state,
        )

    def Invoke(self, request: Any) -> Any:
        self.deployment.invokes.append(request.tok)
        return super().Invoke(request)

    def RegisterResourceOutputs(self, request: Any) -> Any:
        if request.urn.split("::")[2] == "pulumi:pulumi:Stack":
            exports = rpc.deserialize_properties(request.outputs, keep_unknowns=True)
            self.deployment.secret_exports = sorted(k for k, v in exports.items() if _secret(v))
            self.deployment.exports = {key: plain(value) for key, value in exports.items()}
        return super().RegisterResourceOutputs(request)


class _Engine(mocks.MockEngine):
    def __init__(self, deployment: Deployment) -> None:
        super().__init__(None)
        self.deployment = deployment

    def Log(self, request: Any) -> None:
        if request.severity >= engine_pb2.WARNING:
            self.deployment.warnings.append(request.message)


def plain(value: Any) -> Any:
    """Without Pulumi's wrapping of secrets, and whole numbers as such: its wire has only floats."""
    if rpc.is_rpc_secret(value):
        return plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, list) else value


def _secret(value: Any) -> bool:
    if rpc.is_rpc_secret(value):
        return True
    entries = value.values() if isinstance(value, dict) else value
    return isinstance(value, dict | list) and any(_secret(entry) for entry in entries)


def stack_config(name: str) -> dict[str, Any]:
    """What a newcomer's stack, dev, sets, or the example of prod; the project before each key."""
    if name == "dev":
        return {"aws:region": "eu-west-1"}
    config = yaml.safe_load((ROOT / "Pulumi.example.yaml").read_text("utf-8"))["config"]
    return {key if ":" in key else f"{PROJECT}:{key}": value for key, value in config.items()}


def run(
    backend: pulumi.runtime.Mocks,
    stack_name: str = "test",
    *,
    preview: bool = False,
    region: str = "eu-west-1",
    root: Path = ROOT,
    **config: Any,
) -> Deployment:
    """Run the program for a stack with this configuration; `preview`: new outputs are unknown.

    Without `config`, that of `stack_config`.
    """
    own = {k if ":" in k else f"{PROJECT}:{k}": value for k, value in config.items()}
    given = {"aws:region": region, **own} if config else stack_config(stack_name)
    texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}
    recorder = Recorder(backend)
    connect = getattr(backend, "connect", clients.connect)
    # Pulumi keeps its settings in context variables: a context of its own for each run.
    with mock.patch.object(clients, "connect", connect):
        contextvars.copy_context().run(_run, recorder, stack_name, texts, preview, root)
    return recorder.deployment


def _run(recorder: Recorder, name: str, config: dict, preview: bool, root: Path) -> None:
    settings.configure(
        mocks.MockSettings(
            monitor=recorder,
            monitor_features=set(recorder.GetDeploymentInfo(None).supportedFeatures),
            engine=_Engine(recorder.deployment),
            project=PROJECT,
            stack=name,
            dry_run=preview,
            organization="organization",
            root_directory=str(root),
            callbacks=None,
        )
    )
    settings.SETTINGS.outputs.clear()
    settings.set_root_resource(None)
    set_all_config(config, [])
    before = Path.cwd(), list(sys.path)
    os.chdir(root)
    sys.path.insert(0, str(root))
    try:
        _run_in_loop(recorder, root / "__main__.py")
    finally:
        os.chdir(before[0])
        sys.path[:] = before[1]


def _run_in_loop(recorder: Recorder, program: Path) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    workers: list[asyncio.AbstractEventLoop] = []

    def start_worker() -> None:  # else Pulumi's mocks make a loop that nobody closes
        workers.append(asyncio.new_event_loop())
        asyncio.set_event_loop(workers[-1])

    # One worker: registrations one at a time keep the record and the backend simple.
    loop.set_default_executor(ThreadPoolExecutor(1, initializer=start_worker))

    def start() -> None:
        runpy.run_path(str(program), run_name="__main__")

    async def main() -> None:
        await stack.run_in_stack(start)

    try:
        loop.run_until_complete(main())
    finally:
        recorder.closed = True  # after a failure, registrations may still be under way
        pending = asyncio.all_tasks(loop)
        for task in pending:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_default_executor())
        for worker in [*workers, loop]:
            worker.close()
        asyncio.set_event_loop(None)
