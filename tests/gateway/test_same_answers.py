"""The same 300 recorded requests, to a local server and through the cloud way: same answers.

`recording.py` says how they were recorded: from the real clients, the browser and Schemathesis.
"""

import http.client
from contextlib import closing

import pytest

from tests.doubles.lambda_events import answer_of, http_api_event
from tests.doubles.sagemaker_runtime import SageMakerRuntime
from tests.gateway.cloud import ENDPOINTS, function
from tests.gateway.recording import read
from tests.running import MODELS, ROOT, Server

REQUESTS = read(ROOT / "tests" / "data" / "requests.jsonl")


@pytest.fixture(scope="module")
def local():
    with Server(MODELS, GATEWAY_FILES="off") as server:  # as in Lambda
        yield server


@pytest.fixture(scope="module")
def cloud(local):
    containers = dict.fromkeys(ENDPOINTS.values(), local.url)
    with SageMakerRuntime(containers) as runtime, function(runtime) as handler:
        yield handler


def ask_local(server, request):
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request(request.method, request.target, request.bytes, request.headers)
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read()


def ask_cloud(handler, request):
    event = http_api_event(request.method, request.target, request.headers, request.bytes)
    status, headers, body = answer_of(handler(event, None))
    return status, headers.get("content-type"), body


def test_answers_are_the_same_everywhere(local, cloud):
    assert len(REQUESTS) == 300
    statuses = set()
    for request in REQUESTS:
        here, there = ask_local(local, request), ask_cloud(cloud, request)
        assert here == there, request
        statuses.add(here[0])
    assert {200, 204, 400, 403, 405} <= statuses
