"""A provider plugin, as Pulumi's engine starts it: what all of the doubles have in common.

A double is a class with the methods of `pulumirpc.ResourceProvider`; `serve` prints its port, as
the engine expects, and answers until the engine ends it.
"""

import hashlib
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf import any_pb2, empty_pb2
from google.rpc import status_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from tests.up.wire import Values, to_python, to_struct

KINDS = provider_pb2.PropertyDiff.Kind
NOTHING, SOMETHING = provider_pb2.DiffResponse.DIFF_NONE, provider_pb2.DiffResponse.DIFF_SOME
UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class PartlyMadeError(Exception):
    """The resource is there, but something about it went wrong: the engine keeps and mends it."""

    def __init__(self, identifier: str, outputs: Values, inputs: Values, reason: str) -> None:
        super().__init__(reason)
        self.detail = provider_pb2.ErrorResourceInitFailed(
            id=identifier,
            properties=to_struct(outputs),
            inputs=to_struct(inputs),
            reasons=[reason],
        )


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """What every double answers alike."""

    version = ""

    def close(self) -> None:
        """Called once, at the end."""

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=self.version)

    def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        same = to_python(request.olds) == to_python(request.news)
        return provider_pb2.DiffResponse(changes=NOTHING if same else SOMETHING)

    def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Read(self, request: Any, context: Any) -> Any:
        return provider_pb2.ReadResponse(
            id=request.id, properties=request.properties, inputs=request.inputs
        )

    def Delete(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


def difference(changes: dict[str, str], **more: Any) -> Any:
    """A Diff's answer from {property: ADD, UPDATE, DELETE, ADD_REPLACE, ...}."""
    return provider_pb2.DiffResponse(
        changes=SOMETHING if changes else NOTHING,
        diffs=sorted({name.partition(".")[0] for name in changes}),
        replaces=sorted(name for name, kind in changes.items() if kind.endswith("_REPLACE")),
        detailedDiff={
            name: provider_pb2.PropertyDiff(kind=KINDS.Value(kind))
            for name, kind in changes.items()
        },
        hasDetailedDiff=True,
        **more,
    )


def random_suffix(seed: bytes, name: str) -> str:
    """The end of a name that is made up; the seed is the engine's, so that a retry gets it too."""
    return hashlib.sha256((seed or os.urandom(16)) + name.encode()).hexdigest()[:7]


class _Errors(grpc.ServerInterceptor):
    """Exceptions as gRPC's errors with their text, PartlyMadeError with its details."""

    def intercept_service(self, continuation: Any, details: Any) -> Any:
        handler = continuation(details)
        if handler is None or handler.unary_unary is None:
            return handler
        return grpc.unary_unary_rpc_method_handler(
            _telling(handler.unary_unary), handler.request_deserializer, handler.response_serializer
        )


def _telling(method: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def call(request: Any, context: Any) -> Any:
        try:
            return method(request, context)
        except NotImplementedError:
            raise
        except PartlyMadeError as error:
            detail = any_pb2.Any()
            detail.Pack(error.detail)
            status = status_pb2.Status(code=2, message=str(error), details=[detail])
            metadata = (("grpc-status-details-bin", status.SerializeToString()),)
            context.set_trailing_metadata(metadata)
            reason = str(error)
        except Exception as error:
            reason = str(error) or type(error).__name__
        return context.abort(grpc.StatusCode.UNKNOWN, reason)

    return call


def serve(double: Provider) -> None:
    server = grpc.server(ThreadPoolExecutor(64), interceptors=[_Errors()], options=UNLIMITED)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(double, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    engine = os.getppid()

    def end(*_: Any) -> None:
        double.close()
        os._exit(0)

    def follow_engine() -> None:  # which may be killed without a word
        while os.getppid() == engine:
            time.sleep(1)
        end()

    threading.Thread(target=follow_engine, daemon=True).start()
    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    server.wait_for_termination()
