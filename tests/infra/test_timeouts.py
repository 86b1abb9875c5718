"""Whoever waits for another gives up later than that one, from the container to the HTTP API."""

import pytest

from gateway.document_worker import RUN
from gateway.sagemaker_backend import READ_TIMEOUT
from infra import timeouts
from serving.settings import Settings as ServingSettings


@pytest.mark.parametrize("stack", ["dev", "prod", "everything"])
def test_the_time_outs_nest(stack, request):
    deployment = request.getfixturevalue(stack)
    times = (
        timeouts.CONTAINER_TIMEOUT,
        READ_TIMEOUT,
        deployment.all("Function")[0].inputs["timeout"],
        deployment.one("Integration").inputs["timeoutMilliseconds"] / 1000,
    )
    assert list(times) == sorted(set(times)) and times[-1] <= 30


def test_the_time_outs_are_those_of_the_packages():
    assert ServingSettings().timeout == timeouts.CONTAINER_TIMEOUT
    assert RUN == timeouts.WORKER_TIMEOUT


def test_a_message_comes_back_only_once_its_worker_has_ended(everything):
    (worker,) = (f for f in everything.all("Function") if "worker" in f.inputs["handler"])
    queue = everything.one("Queue", "-documents").inputs
    assert worker.inputs["timeout"] == RUN < queue["visibilityTimeoutSeconds"]
