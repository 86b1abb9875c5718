"""A new endpoint beside the old one, which goes last: with blueGreen, and whenever an endpoint
changes between serverless and machines, which SageMaker cannot."""

import json
import re
import time

import pytest

from tests.infra.program import PROJECT

STACK = "bluegreen"
FIXED = f"{PROJECT}-{STACK}-en-de"
SERVERLESS = {"memory": 1024, "maxConcurrency": 2}
MACHINES = {"instance": "ml.c7i.large", "instances": {"minimum": 2, "maximum": 4}}
DRAIN = 3  # seconds, in place of a function's time-out


def configure(checkout, model, blue_green=True):
    checkout.configure(STACK, blueGreen=blue_green, models=[{"folder": "models/en_de", **model}])


@pytest.fixture(scope="module")
def checkout(desk):
    one = desk.checkout("bluegreen")
    path = one.folder / "infra" / "function.py"
    text = path.read_text("utf-8")
    assert "DRAIN = FUNCTION_TIMEOUT" in text
    path.write_text(text.replace("DRAIN = FUNCTION_TIMEOUT", f"DRAIN = {DRAIN}"))
    configure(one, SERVERLESS, blue_green=False)
    one.run("stack", "init", STACK)
    one.run("up", "--yes", "--skip-preview", "--stack", STACK)
    yield one
    one.pulumi("destroy", "--yes", "--skip-preview", "--stack", STACK)


@pytest.fixture
def switches(checkout, cloud):
    """Run `up`, and answer whom the function asks from then on: no endpoint went while asked."""

    def run():
        before, was = len(cloud.events), asked(cloud)
        said = checkout.up(STACK)
        assert said.code == 0, said.text
        assert asked(cloud) != was
        assert cloud.endpoint(asked(cloud))["EndpointStatus"] == "InService"
        gone = [event for event in cloud.events[before:] if event.action == "DeleteEndpoint"]
        assert was in [event.name for event in gone]
        assert not [event for event in gone if event.asked or event.quiet < DRAIN]
        assert cloud.client("sagemaker").list_endpoints(NameContains=FIXED)["Endpoints"][1:] == []
        return asked(cloud)

    return run


def asked(cloud):
    """The endpoint that the function is told to ask."""
    found = cloud.client("lambda").get_function(FunctionName=f"{PROJECT}-{STACK}")
    told = found["Configuration"]["Environment"]["Variables"]["GATEWAY_ENDPOINTS"]
    return json.loads(told)["en_de"]


def variant(cloud, endpoint):
    configuration = cloud.endpoint(endpoint)["EndpointConfigName"]
    sagemaker = cloud.client("sagemaker")
    found = sagemaker.describe_endpoint_config(EndpointConfigName=configuration)
    return found["ProductionVariants"][0]


def scaled(cloud):
    scaling = cloud.client("application-autoscaling")
    return {
        target["ResourceId"].split("/")[1]: (target["ScalableDimension"], target["MinCapacity"])
        for target in scaling.describe_scalable_targets(ServiceNamespace="sagemaker")[
            "ScalableTargets"
        ]
        if FIXED in target["ResourceId"]
    }


def test_an_endpoint_of_another_name_takes_over(checkout, switches):
    configure(checkout, SERVERLESS)
    name = switches()
    assert re.fullmatch(rf"{FIXED}-[0-9a-f]{{7}}", name)
    assert checkout.outputs(STACK)["endpoints"] == {"en_de": name}
    checkout.run("preview", "--diff", "--expect-no-changes", "--stack", STACK)


def test_a_failed_start_leaves_what_serves_as_often_as_it_fails(checkout, cloud):
    serving, before = asked(cloud), len(cloud.events)
    checkout.change_model(note="fails")
    cloud.failing = f"{FIXED}-"
    for _ in range(2):
        said = checkout.up(STACK)
        assert said.code != 0, said.text
        assert "did not pass the ping health check" in said.text
        assert asked(cloud) == serving
        assert cloud.endpoint(serving)["EndpointStatus"] == "InService"
    cloud.failing = ""
    gone = [event.name for event in cloud.events[before:] if event.action == "DeleteEndpoint"]
    assert serving not in gone


def test_once_the_cause_is_gone_it_takes_over(checkout, switches):
    switches()
    checkout.run("preview", "--diff", "--expect-no-changes", "--stack", STACK)


def test_a_killed_start_is_begun_anew(checkout, cloud, switches):
    cloud.seconds, before = 20, len(cloud.events)
    checkout.change_model(note="killed")
    process = checkout.start("up", "--yes", "--skip-preview", "--stack", STACK)
    while "CreateEndpoint" not in [event.action for event in cloud.events[before:]]:
        assert process.poll() is None
        time.sleep(0.2)
    process.kill()
    checkout.finish(process)
    cloud.seconds = 0
    checkout.run("cancel", "--yes", "--stack", STACK)
    switches()


def test_serverless_turns_into_machines_in_several_zones(checkout, cloud, switches):
    configure(checkout, MACHINES)
    name = switches()
    found = variant(cloud, name)
    assert (found["InstanceType"], found["InitialInstanceCount"]) == ("ml.c7i.large", 2)
    assert scaled(cloud) == {name: ("sagemaker:variant:DesiredInstanceCount", 2)}


def test_machines_turn_into_servers_kept_warm_under_the_one_name_again(checkout, cloud, switches):
    configure(checkout, {**SERVERLESS, "provisionedConcurrency": 1}, blue_green=False)
    assert switches() == FIXED
    assert scaled(cloud) == {FIXED: ("sagemaker:variant:DesiredProvisionedConcurrency", 1)}


def test_without_blue_green_only_machines_have_another_name(checkout, cloud, switches):
    configure(checkout, MACHINES, blue_green=False)
    assert switches() == f"{FIXED}-instance"
    checkout.run("preview", "--refresh", "--diff", "--expect-no-changes", "--stack", STACK)
    configure(checkout, SERVERLESS, blue_green=False)
    assert switches() == FIXED
    assert scaled(cloud) == {}
