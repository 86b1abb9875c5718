"""An endpoint counts as updated only once SageMaker serves what was asked for."""

import asyncio
import os
from datetime import UTC, datetime
from types import SimpleNamespace

import boto3
import moto
import pulumi
import pytest
from moto.sagemaker.models import sagemaker_backends

from infra import errors, live_endpoint
from infra.errors import EndpointError
from infra.live_endpoint import LiveEndpoint
from infra.naming import Naming
from tests.infra.moto_gaps import fill_gaps
from tests.infra.recorded import ACCOUNT, REGION

NAME = "ours-en-de"
DIMENSION = "sagemaker:variant:DesiredProvisionedConcurrency"


@pytest.fixture
def sagemaker(monkeypatch):
    """A SageMaker with the models and configurations old and new, of which old is serving."""
    monkeypatch.setattr(live_endpoint, "PAUSE", 0.01)
    with moto.mock_aws():
        fill_gaps(monkeypatch)
        client = boto3.client("sagemaker", region_name=REGION)
        for name, warm in (("old", 1), ("new", 0)):
            client.create_model(ModelName=name, ExecutionRoleArn=f"arn:aws:iam::{ACCOUNT}:role/x")
            size = {"MemorySizeInMB": 1024, "MaxConcurrency": 2}
            size |= {"ProvisionedConcurrency": warm} if warm else {}
            variant = {"VariantName": "AllTraffic", "ModelName": name, "ServerlessConfig": size}
            client.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
        client.create_endpoint(EndpointName=NAME, EndpointConfigName="old")
        yield client


@pytest.fixture
def within(sagemaker):
    """The endpoint itself, inside SageMaker."""
    return sagemaker_backends[ACCOUNT][REGION].endpoints[NAME]


@pytest.fixture
def live(sagemaker):
    return make_live()


def make_live(blue_green=False):
    naming = Naming(NAME, blue_green, on_machines=False)
    return LiveEndpoint(naming, region=REGION, variant="AllTraffic", dimension=DIMENSION)


def prepare(live, asked="new", keep_scaling=False):
    return asyncio.run(live.prepare(asked, keep_scaling))


def verify(live):
    return asyncio.run(live.verify(NAME))


def refusal(live):
    with pytest.raises(EndpointError) as raised:
        verify(live)
    return str(raised.value)


def test_an_update_that_took_is_one(live, sagemaker):
    assert prepare(live) == "new"
    sagemaker.update_endpoint(EndpointName=NAME, EndpointConfigName="new")
    assert verify(live) == NAME


def test_an_update_that_was_taken_back_is_none(live, sagemaker, within):
    prepare(live)
    within.rolls_back = True
    sagemaker.update_endpoint(EndpointName=NAME, EndpointConfigName="new")
    assert refusal(live) == (
        f"Endpoint {NAME} went back to old (did not pass the ping health check): it serves as"
        " before, and nothing old was deleted. Mend the cause, told by the log group"
        f" /aws/sagemaker/Endpoints/{NAME}, and run `pulumi up` again."
    )


def test_nothing_is_said_after_a_refusal(live, within):
    """Pulumi's host, which says the sentence, adds nothing to a program that ends with 32."""
    within.rolls_back = True
    prepare(live)
    errors.atexit.reset_mock()
    refusal(live)
    errors.atexit.register.assert_called_once_with(os._exit, 32)


def test_an_update_that_the_state_only_believes_in_is_made(live, sagemaker):
    prepare(live)
    assert verify(live) == NAME
    assert sagemaker.describe_endpoint(EndpointName=NAME)["EndpointConfigName"] == "new"


def test_an_update_that_is_taken_back_again_is_none(live, within):
    within.rolls_back = True
    prepare(live)
    assert f"{NAME} went back to old" in refusal(live)


def test_an_update_under_way_is_waited_for(live, sagemaker, within):
    within.endpoint_status, within.looks = "Updating", 3
    prepare(live)
    assert within.endpoint_status == "InService"
    sagemaker.update_endpoint(EndpointName=NAME, EndpointConfigName="new")
    within.endpoint_status, within.looks = "Updating", 3
    assert verify(live) == NAME


def test_an_update_that_never_ends_is_none(live, within, monkeypatch):
    monkeypatch.setattr(live_endpoint, "DEADLINE", 0.05)
    within.endpoint_status = "Updating"
    with pytest.raises(EndpointError, match=r"is Updating for 0 minutes\. Run `pulumi up` again"):
        prepare(live)


def test_a_failed_endpoint_is_no_success_and_is_made_anew(live, within):
    assert live.replacement().replacement_trigger is None
    within.endpoint_status, within.failure_reason = "Failed", "no space left"
    first, second = live.replacement(), live.replacement()
    assert first.delete_before_replace
    assert first.replacement_trigger != second.replacement_trigger
    prepare(live)
    within.last_modified_time = datetime.now(UTC)  # as after Pulumi's own try
    assert refusal(live).startswith(f"Endpoint {NAME} is Failed (no space left). Mend the cause")


def test_a_failed_endpoint_that_pulumi_believes_in_is_made_anew(live, sagemaker, within):
    """As after a first start of another name, which nothing replaces."""
    arn = sagemaker.describe_endpoint(EndpointName=NAME)["EndpointArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "x"}])
    within.endpoint_status = "Failed"
    prepare(live)
    assert verify(live) == NAME
    made = sagemaker.describe_endpoint(EndpointName=NAME)
    assert (made["EndpointStatus"], made["EndpointConfigName"]) == ("InService", "new")
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "x"}]


def test_an_endpoint_that_is_gone_is_no_success(live, sagemaker):
    sagemaker.delete_endpoint(EndpointName=NAME)
    assert live.replacement().replacement_trigger
    assert not live.replacement().delete_before_replace
    prepare(live)
    assert refusal(live) == f"Endpoint {NAME} is gone. Run `pulumi up --refresh` to make it."


@pytest.mark.parametrize("keep_scaling", [True, False])
def test_scaling_lets_go_before_servers_are_no_longer_kept_warm(live, keep_scaling):
    scaling = boto3.client("application-autoscaling", region_name=REGION)
    resource = f"endpoint/{NAME}/variant/AllTraffic"
    scaling.register_scalable_target(
        ServiceNamespace="sagemaker", ResourceId=resource, ScalableDimension=DIMENSION,
        MinCapacity=1, MaxCapacity=2,
    )  # fmt: skip
    used = {"PredefinedMetricType": "SageMakerVariantProvisionedConcurrencyUtilization"}
    scaling.put_scaling_policy(
        PolicyName="ours", ServiceNamespace="sagemaker", ResourceId=resource,
        ScalableDimension=DIMENSION, PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 0.7, "PredefinedMetricSpecification": used},
    )  # fmt: skip
    prepare(live, keep_scaling=keep_scaling)
    left = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert bool(left) == keep_scaling


def test_scaling_that_is_gone_already_is_no_mistake(live):
    assert prepare(live) == "new"


def clear_the_way(live, configuration):
    (hook,) = live.replacement().hooks.before_create
    asyncio.run(hook(SimpleNamespace(new_inputs={"endpointConfigName": configuration})))


def test_what_a_killed_pulumi_had_begun_to_make_is_out_of_the_way(live, sagemaker):
    clear_the_way(live, "new")  # somebody else's, which has another configuration
    assert sagemaker.describe_endpoint(EndpointName=NAME)["EndpointStatus"] == "InService"
    clear_the_way(live, "old")
    assert live.look() is None
    clear_the_way(live, "old")


def test_one_of_another_name_is_replaced_and_none_of_another_pair(sagemaker):
    live = make_live(blue_green=True)
    for other in ("another-ours-en-de", f"{NAME}-AT", f"{NAME}-canary"):
        sagemaker.create_endpoint(EndpointName=other, EndpointConfigName="old")
    sagemaker.delete_endpoint(EndpointName=NAME)
    prepare(live, f"{NAME}-0123abc")
    assert not live.replaces
    for before in (NAME, f"{NAME}-instance", f"{NAME}-a1b2c3d"):
        sagemaker.create_endpoint(EndpointName=before, EndpointConfigName="old")
        prepare(live, f"{NAME}-0123abc")
        assert live.replaces
        sagemaker.delete_endpoint(EndpointName=before)


def test_a_preview_changes_nothing(live, within, monkeypatch):
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    assert prepare(live) == "new"
    assert verify(live) == NAME
    assert within.endpoint_config_name == "old"


def test_an_account_that_does_not_answer_is_named(live, monkeypatch):
    def refuse(**_):
        raise live_endpoint.BotoCoreError

    monkeypatch.setattr(live._sagemaker, "describe_endpoint", refuse)
    with pytest.raises(EndpointError, match=f"does not tell about endpoint {NAME} .*Check the"):
        live.look()
