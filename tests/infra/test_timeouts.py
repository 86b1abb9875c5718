"""Whoever waits for another gives up later than that one, from the container to the HTTP API."""

import pytest

from gateway.sagemaker_backend import READ_TIMEOUT
from infra import timeouts
from serving.settings import Settings as ServingSettings


@pytest.mark.parametrize("stack", ["dev", "prod", "everything"])
def test_the_time_outs_nest(stack, request):
    deployment = request.getfixturevalue(stack)
    times = (
        timeouts.CONTAINER_TIMEOUT,
        timeouts.CALL_TIMEOUT,
        deployment.one("Function").inputs["timeout"],
        deployment.one("Integration").inputs["timeoutMilliseconds"] / 1000,
    )
    assert list(times) == sorted(set(times)) and times[-1] <= 30


def test_the_time_outs_are_those_of_the_packages():
    assert ServingSettings().timeout == timeouts.CONTAINER_TIMEOUT
    assert READ_TIMEOUT == timeouts.CALL_TIMEOUT
