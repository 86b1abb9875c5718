"""A stack with every optional part at once: batch jobs, a domain, a KMS key, alarms, a budget."""

import json

import pytest

from infra.settings import BATCH_NAME_LIMIT
from tests.infra.conftest import EVERYTHING
from tests.infra.program import PROJECT
from tests.up.aws_provider import Aws
from tests.up.replacements import REPLACEMENTS, replacing_inputs
from tests.up.terraform_provider import TerraformProvider

STACK = "everything-at-limit"  # with it, names of pairs are as long as batch jobs allow


@pytest.fixture(scope="module")
def settings(cloud):
    zone = cloud.client("route53").create_hosted_zone(Name="example.com", CallerReference="x")
    hosted = zone["HostedZone"]["Id"].rpartition("/")[2]
    return {**EVERYTHING, "hostedZoneId": hosted, "protect": False}


@pytest.fixture(scope="module")
def checkout(desk, settings):
    one = desk.checkout("everything")
    one.configure(STACK, **settings)
    one.run("stack", "init", STACK)
    one.run("up", "--yes", "--skip-preview", "--stack", STACK)
    yield one
    one.pulumi("destroy", "--yes", "--skip-preview", "--stack", STACK)


def test_names_are_as_long_as_they_may_be(checkout):
    pairs = checkout.outputs(STACK)["batch"]["models"]
    assert {len(f"{PROJECT}-{STACK}-{pair}") for pair in pairs} == {BATCH_NAME_LIMIT}


def test_everything_stays_as_it_is(checkout):
    checkout.run("preview", "--diff", "--expect-no-changes", "--stack", STACK)
    checkout.run("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--stack", STACK)


def test_what_forces_a_replacement_is_recorded_as_the_real_provider_says(
    checkout, terraform, cloud, tmp_path
):
    aws = Aws(TerraformProvider(terraform, tmp_path), tmp_path, cloud.url)
    try:
        aws.configure({"region": "eu-west-1"})
        found = replacing_inputs(aws, checkout.resources(STACK))
    finally:
        aws.close()
    recorded = json.loads(REPLACEMENTS.read_text("utf-8"))
    assert found == recorded, "python -m tests.up.replacements writes the table anew"


def test_changed_tags_are_an_update_of_what_is_tagged(checkout, settings, terraform):
    checkout.configure(STACK, **{**settings, "tags": {"team": "other"}})
    said = checkout.up(STACK)
    assert said.code == 0, said.text
    assert said.count("replaced") == said.count("deleted") == 0, said.text
    assert said.count("updated") > 10
    checkout.run("preview", "--diff", "--expect-no-changes", "--stack", STACK)


def test_an_api_without_keys_warns(checkout, settings):
    checkout.configure(STACK, **{**settings, "auth": "none", "apiKeys": [], "keyLimits": {}})
    said = checkout.run("preview", "--stack", STACK)
    assert "auth is none: whoever knows the address can translate, at your cost" in said.text


def test_destroy_leaves_nothing(checkout, cloud, settings):
    checkout.configure(STACK, **settings)
    checkout.run("destroy", "--yes", "--skip-preview", "--stack", STACK)
    assert cloud.names(f"{PROJECT}-{STACK}") == []
