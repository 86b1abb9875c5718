"""The life of a stack on Pulumi's real engine, one step after another."""

import pytest

from tests.infra.program import PROJECT
from tests.up.workplace import EN_DE, Checkout

STACK = "life"
ENDPOINT = f"{PROJECT}-{STACK}-en-de"

pytestmark = pytest.mark.short


@pytest.fixture(scope="module")
def checkout(desk):
    one = desk.checkout("one")
    one.configure(STACK, models=[EN_DE], apiKeys=["website", "app"])
    return one


def test_the_first_up_makes_everything(checkout, cloud):
    checkout.run("stack", "init", STACK)
    said = checkout.up(STACK)
    assert said.code == 0, said.text
    assert said.count("created") > 50
    assert cloud.endpoint(ENDPOINT)["EndpointStatus"] == "InService"
    assert set(checkout.outputs(STACK)["apiKeys"]) == {"website", "app"}


def test_a_second_up_would_change_nothing(checkout):
    checkout.run("preview", "--diff", "--expect-no-changes", "--stack", STACK)


def test_refresh_finds_what_the_state_says(checkout):
    checkout.run("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--stack", STACK)


def test_no_key_is_in_state_history_or_log(checkout: Checkout):
    secrets = [key.partition(".")[2] for key in checkout.outputs(STACK)["apiKeys"].values()]
    shown = checkout.run("stack", "output", "--stack", STACK).text
    assert "[secret]" in shown
    folder = checkout.desk.folder
    written = [path for path in (folder / "state").rglob("*") if path.is_file()]
    assert len(written) > 2
    texts = [path.read_text("utf-8", "replace") for path in [*written, *folder.glob("*log*")]]
    for secret in secrets:
        assert len(secret) == 64
        assert not [text for text in [shown, *texts] if secret in text]


def test_the_same_commit_elsewhere_would_change_nothing(checkout, desk):
    other = desk.checkout("elsewhere", umask="002", fetched=False)
    other.take_stack(checkout, STACK)
    other.run("preview", "--diff", "--expect-no-changes", "--stack", STACK)


def test_a_new_model_replaces_the_old_one_once_it_serves(checkout, cloud):
    before = len(cloud.events)
    checkout.change_model(note="one")
    said = checkout.up(STACK)
    assert said.code == 0, said.text
    assert [event.action for event in cloud.events[before:]] == [
        "CreateModel",
        "CreateEndpointConfig",
        "UpdateEndpoint",
        "DeleteEndpointConfig",
        "DeleteModel",
    ]
    assert not [event for event in cloud.events[before:] if event.serving]


def test_an_update_that_is_rolled_back_fails_and_deletes_nothing(checkout, cloud):
    before, serving = len(cloud.events), cloud.endpoint(ENDPOINT)["EndpointConfigName"]
    checkout.change_model(note="two")
    cloud.rolling_back = ENDPOINT
    said = checkout.up(STACK)
    cloud.rolling_back = ""
    assert said.code != 0, said.text
    assert "did not pass the ping health check" in said.text
    endpoint = cloud.endpoint(ENDPOINT)
    assert (endpoint["EndpointStatus"], endpoint["EndpointConfigName"]) == ("InService", serving)
    assert "non-zero exit code" not in said.text
    assert len(set(said.errors()) - {"error: update failed"}) == 1, said.text
    assert not [event for event in cloud.events[before:] if event.action.startswith("Delete")]


def test_the_next_up_takes(checkout, cloud):
    before, serving = len(cloud.events), cloud.endpoint(ENDPOINT)["EndpointConfigName"]
    said = checkout.up(STACK)
    assert said.code == 0, said.text
    assert cloud.endpoint(ENDPOINT)["EndpointConfigName"] != serving
    assert not [event for event in cloud.events[before:] if event.serving]
    checkout.run("preview", "--diff", "--expect-no-changes", "--stack", STACK)


def test_destroy_leaves_nothing(checkout, cloud):
    checkout.run("destroy", "--yes", "--skip-preview", "--stack", STACK)
    checkout.run("stack", "rm", "--yes", "--stack", STACK)
    assert cloud.names(f"{PROJECT}-{STACK}") == []
