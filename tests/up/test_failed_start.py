"""A first deployment whose endpoint does not start is no success until it has."""

import pytest

from tests.infra.program import PROJECT
from tests.up.workplace import EN_DE

STACK = "failing"
ENDPOINT = f"{PROJECT}-{STACK}-en-de"

pytestmark = pytest.mark.short


@pytest.fixture(scope="module")
def checkout(desk):
    one = desk.checkout("failing")
    one.configure(STACK, models=[EN_DE])
    one.run("stack", "init", STACK)
    yield one
    one.pulumi("destroy", "--yes", "--skip-preview", "--stack", STACK)


def test_an_endpoint_that_fails_is_no_success(checkout, cloud):
    cloud.failing = ENDPOINT
    said = checkout.up(STACK)
    assert said.code != 0
    assert "did not pass the ping health check" in said.text


def test_nor_is_it_the_second_time(checkout, cloud):
    said = checkout.up(STACK)
    assert said.code != 0, said.text
    assert "did not pass the ping health check" in said.text
    assert cloud.endpoint(ENDPOINT)["EndpointStatus"] == "Failed"


def test_the_next_up_replaces_it_once_the_cause_is_gone(checkout, cloud):
    cloud.failing = ""
    said = checkout.up(STACK)
    assert said.code == 0, said.text
    assert cloud.endpoint(ENDPOINT)["EndpointStatus"] == "InService"
    checkout.run("preview", "--diff", "--expect-no-changes", "--stack", STACK)
