"""What no validator catches has a rule of its own, held against every deployment; and each rule
is shown to catch what it is for."""

import json
import re
from copy import deepcopy

import pytest

from gateway.sagemaker_backend import READ_TIMEOUT
from infra import timeouts
from serving.settings import Settings as ServingSettings
from tests.infra.program import Deployment

METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}


def provisioned_within_maximum(deployment: Deployment) -> list[str]:
    found = []
    for configuration in deployment.all("EndpointConfiguration"):
        (variant,) = configuration.inputs["productionVariants"]
        serverless = variant["serverlessConfig"]
        if serverless.get("provisionedConcurrency", 0) > serverless["maxConcurrency"]:
            found.append(f"{configuration.name}: provisioned over maximum")
        if {"instanceType", "initialInstanceCount"} & set(variant):
            found.append(f"{configuration.name}: serverless with instances")
    return found


def time_outs_nest(deployment: Deployment) -> list[str]:
    times = (
        timeouts.CONTAINER_TIMEOUT,
        timeouts.CALL_TIMEOUT,
        deployment.one("Function").inputs["timeout"],
        deployment.one("Integration").inputs["timeoutMilliseconds"] / 1000,
    )
    return [] if list(times) == sorted(set(times)) and times[-1] <= 30 else [f"{times} do not nest"]


def cors_methods_exist(deployment: Deployment) -> list[str]:
    given = deployment.one("Api").inputs.get("corsConfiguration", {}).get("allowMethods", [])
    return [f"{method} is no method" for method in given if method not in METHODS]


def widgets_have_types(deployment: Deployment) -> list[str]:
    body = json.loads(deployment.one("Dashboard").inputs["dashboardBody"])
    found = [f"widget {i} has no type" for i, w in enumerate(body["widgets"]) if "type" not in w]
    for widget in body["widgets"]:
        if widget["x"] + widget["width"] > 24:
            found.append("a widget lies off the grid")
        if widget.get("type") == "metric" and not {"region", "metrics"} <= set(
            widget["properties"]
        ):
            found.append("a chart without region or metrics")
    return found


def routes_have_methods(deployment: Deployment) -> list[str]:
    pattern = re.compile(rf"\$default|(?:ANY|{'|'.join(sorted(METHODS))}) /\S*")
    keys = [route.inputs["routeKey"] for route in deployment.all("Route")]
    return [f"{key!r} is no route" for key in keys if not pattern.fullmatch(key)]


def alarms_reach_somebody(deployment: Deployment) -> list[str]:
    topic = deployment.one("Topic").outputs["arn"]
    alarms = deployment.all("MetricAlarm")
    return [alarm.name for alarm in alarms if alarm.inputs["alarmActions"] != [topic]]


def images_have_digests(deployment: Deployment) -> list[str]:
    images = [model.inputs["primaryContainer"]["image"] for model in deployment.all("Model")]
    pattern = re.compile(r"[^:@]+@sha256:[0-9a-f]{64}")
    return [image for image in images if not pattern.fullmatch(image)]


def test_the_time_outs_are_those_of_the_packages():
    assert ServingSettings().timeout == timeouts.CONTAINER_TIMEOUT
    assert READ_TIMEOUT == timeouts.CALL_TIMEOUT


RULES = [
    provisioned_within_maximum,
    time_outs_nest,
    cors_methods_exist,
    widgets_have_types,
    routes_have_methods,
    alarms_reach_somebody,
    images_have_digests,
]


@pytest.mark.parametrize("stack", ["dev", "prod", "everything"])
@pytest.mark.parametrize("rule", RULES)
def test_the_rule_holds(rule, stack, request):
    assert rule(request.getfixturevalue(stack)) == []


def set_variant(deployment, **values):
    (variant,) = deployment.all("EndpointConfiguration")[0].inputs["productionVariants"]
    variant["serverlessConfig"].update(values)


def set_widgets(deployment, change):
    inputs = deployment.one("Dashboard").inputs
    body = json.loads(inputs["dashboardBody"])
    change(body["widgets"][0])
    inputs["dashboardBody"] = json.dumps(body)


BROKEN = {
    "provisioned": (
        provisioned_within_maximum,
        lambda d: set_variant(d, provisionedConcurrency=9, maxConcurrency=8),
    ),
    "instances": (
        provisioned_within_maximum,
        lambda d: (
            d.all("EndpointConfiguration")[0]
            .inputs["productionVariants"][0]
            .update(instanceType="ml.m5.large")
        ),
    ),
    "function too slow": (time_outs_nest, lambda d: d.one("Function").inputs.update(timeout=30)),
    "function too fast": (time_outs_nest, lambda d: d.one("Function").inputs.update(timeout=27)),
    "API too slow": (
        time_outs_nest,
        lambda d: d.one("Integration").inputs.update(timeoutMilliseconds=31_000),
    ),
    "method": (
        cors_methods_exist,
        lambda d: d.one("Api").inputs["corsConfiguration"].update(allowMethods=["FETCH"]),
    ),
    "widget": (widgets_have_types, lambda d: set_widgets(d, lambda w: w.pop("type"))),
    "grid": (widgets_have_types, lambda d: set_widgets(d, lambda w: w.update(x=20))),
    "chart": (
        widgets_have_types,
        lambda d: set_widgets(d, lambda w: w["properties"].pop("metrics")),
    ),
    "route": (routes_have_methods, lambda d: d.one("Route").inputs.update(routeKey="/translate")),
    "alarm": (
        alarms_reach_somebody,
        lambda d: d.all("MetricAlarm")[0].inputs.update(alarmActions=[]),
    ),
    "tag": (
        images_have_digests,
        lambda d: d.all("Model")[0].inputs["primaryContainer"].update(image="repository:latest"),
    ),
}


@pytest.mark.parametrize("rule, breakage", BROKEN.values(), ids=BROKEN)
def test_the_rule_catches_what_it_is_for(rule, breakage, everything):
    broken = deepcopy(everything)
    breakage(broken)
    assert rule(broken)
