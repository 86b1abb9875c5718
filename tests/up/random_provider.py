"""A `pulumi-resource-random` for tests: RandomBytes, the only one that the program uses."""

import base64
import secrets
from typing import Any

from pulumi.runtime.proto import provider_pb2

from tests.up.plugin import Provider, difference, serve
from tests.up.wire import UNKNOWN, to_python, to_struct


class Random(Provider):
    version = "4.21.4"

    def Diff(self, request: Any, context: Any) -> Any:
        olds, news = to_python(request.olds), to_python(request.news)
        given = [key for key in news if not key.startswith("__")]
        return difference({key: "UPDATE_REPLACE" for key in given if olds.get(key) != news[key]})

    def Create(self, request: Any, context: Any) -> Any:
        inputs = to_python(request.properties)
        if request.preview:
            made = {"hex": UNKNOWN, "base64": UNKNOWN}
            return provider_pb2.CreateResponse(properties=to_struct({**inputs, **made}))
        data = secrets.token_bytes(inputs["length"])
        made = {"hex": data.hex(), "base64": base64.b64encode(data).decode()}
        return provider_pb2.CreateResponse(id="none", properties=to_struct({**inputs, **made}))


if __name__ == "__main__":
    serve(Random())
