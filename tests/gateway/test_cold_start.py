"""The official client survives a cold start, with no change of code on its side.

Through the whole cloud way: deepl-python, HTTP API, function, boto3, a cold endpoint. In
`make test` all times are a tenth, and the start a little shorter, so that a busy machine's
delays fit in; `make soak` runs 45 s in full.
"""

import time

import deepl
import pytest
from deepl import http_client

from gateway import sagemaker_backend, warmth
from tests.doubles.lambda_events import HttpApi
from tests.doubles.sagemaker_runtime import SageMakerRuntime
from tests.gateway.cloud import ENDPOINTS, function

HOLD_SECONDS = 8.0


def translate_cold(server, cold_seconds: float, scale: float = 1.0) -> tuple[str, float, list[int]]:
    """The translation, how long it took, and the statuses the client saw."""
    containers = dict.fromkeys(ENDPOINTS.values(), server.url)
    with (
        SageMakerRuntime(containers, cold_seconds=cold_seconds) as runtime,
        function(runtime, GATEWAY_HOLD_SECONDS=str(HOLD_SECONDS * scale)) as handler,
    ):
        statuses: list[int] = []

        def watched(event, context):
            result = handler(event, context)
            statuses.append(result["statusCode"])
            return result

        with HttpApi(watched) as api:
            client = deepl.DeepLClient("any", server_url=api.url)
            started = time.monotonic()
            result = client.translate_text("Hello world!", source_lang="EN", target_lang="DE")
            client.close()
            return result.text, time.monotonic() - started, statuses


@pytest.fixture
def tenth(monkeypatch):
    """The client's patience and our own times, ten times shorter."""
    for owner, name in (
        (http_client, "min_connection_timeout"),
        (http_client._BackoffTimer, "BACKOFF_INITIAL"),
        (sagemaker_backend, "READ_TIMEOUT"),
        (warmth, "_PAUSE"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name) / 10)


def test_deepl_python_survives_a_cold_start(server, tenth):
    text, seconds, statuses = translate_cold(server, 3.0, scale=0.1)
    assert text == "Hallo Welt!"
    assert seconds >= 3.0
    assert statuses[0] == 504
    assert statuses[-1] == 200


@pytest.mark.soak
@pytest.mark.timeout(180)
def test_deepl_python_survives_45_seconds(server):
    text, seconds, statuses = translate_cold(server, 45.0)
    assert text == "Hallo Welt!"
    assert seconds >= 45.0
    assert statuses == [504] * (len(statuses) - 1) + [200]
