"""The policy pack: its rules hold for every stack, and each is shown to catch what it is for."""

import json
import runpy
import sys
from collections.abc import Mapping, Sequence
from copy import deepcopy
from types import ModuleType, SimpleNamespace

import pytest

from policy.rules import RULES, Resource
from tests.running import ROOT


def resources(deployment):
    return [Resource(r.type, r.name, r.inputs) for r in deployment.resources]


@pytest.mark.parametrize("stack", ["dev", "prod", "everything"])
def test_every_stack_keeps_the_rules(stack, request):
    found = resources(request.getfixturevalue(stack))
    assert [sentence for rule in RULES for sentence in rule(found)] == []


def variant(deployment):
    return deployment.all("EndpointConfiguration")[0].inputs["productionVariants"][0]


def set_policy(deployment, **changed):
    inputs = deployment.all("RolePolicy")[0].inputs
    document = json.loads(inputs["policy"])
    document["Statement"][0].update(changed)
    inputs["policy"] = json.dumps(document)


def set_trust(deployment):
    inputs = deployment.all("Role")[0].inputs
    document = json.loads(inputs["assumeRolePolicy"])
    del document["Statement"][0]["Condition"]
    inputs["assumeRolePolicy"] = json.dumps(document)


def set_widget(deployment, change):
    inputs = deployment.one("Dashboard").inputs
    body = json.loads(inputs["dashboardBody"])
    change(body["widgets"][0])
    inputs["dashboardBody"] = json.dumps(body)


def set_first(kind, **values):
    return lambda d: d.all(kind)[0].inputs.update(values)


def forget(deployment, kind):
    deployment.resources.remove(deployment.all(kind)[0])


BROKEN = {
    "provisioned_within_maximum: 9 servers warm, and may have 8": lambda d: variant(d)[
        "serverlessConfig"
    ].update(provisionedConcurrency=9, maxConcurrency=8),
    "provisioned_within_maximum: names instances": lambda d: variant(d).update(
        instanceType="ml.m5.large"
    ),
    "images_have_digests: names no digest": set_first("Model", primaryContainer={"image": "a:1"}),
    "alarms_reach_somebody: tells nobody": set_first("MetricAlarm", alarmActions=[]),
    "alarms_reach_somebody:  tells nobody": lambda d: d.all("MetricAlarm")[0].inputs.pop(
        "alarmActions"
    ),
    "logs_end:  is kept for ever": lambda d: d.all("LogGroup")[0].inputs.pop("retentionInDays"),
    "buckets_are_closed: does not set blockPublicAcls": set_first(
        "BucketPublicAccessBlock", blockPublicAcls=False
    ),
    "buckets_are_closed: 3 buckets have 2 times": lambda d: forget(d, "BucketVersioning"),
    "rights_are_named: allows s3:*": lambda d: set_policy(d, Action="s3:*"),
    "rights_are_named: s3:GetObject on any": lambda d: set_policy(
        d, Action=["s3:GetObject"], Resource="*"
    ),
    "roles_are_of_this_account: for any account": set_trust,
    "logs_end: kept for ever": set_first("LogGroup", retentionInDays=0),
    "counts_scale_and_expire: while nobody uses it": set_first("Table", billingMode="PROVISIONED"),
    "counts_scale_and_expire: forgets nothing": set_first("Table", ttl={"enabled": False}),
    "counts_scale_and_expire: not encrypted": set_first("Table", serverSideEncryption=None),
    "time_outs_nest: the function has 30 s": set_first("Function", timeout=30),
    "time_outs_nest: the API waits 31 s": set_first("Integration", timeoutMilliseconds=31_000),
    "preflights_name_methods: allows FETCH": set_first(
        "Api", corsConfiguration={"allowMethods": ["FETCH"]}
    ),
    "routes_have_methods: no route": set_first("Route", routeKey="/translate"),
    "the_dashboard_can_be_shown: without a type": lambda d: set_widget(d, lambda w: w.pop("type")),
    "the_dashboard_can_be_shown: off the grid": lambda d: set_widget(d, lambda w: w.update(x=20)),
    "the_dashboard_can_be_shown: without region": lambda d: set_widget(
        d, lambda w: w["properties"].pop("metrics")
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_rule_catches_what_it_is_for(what, everything):
    broken = deepcopy(everything)
    BROKEN[what](broken)
    name, _, sentence = what.partition(": ")
    found = {rule.__name__: list(rule(resources(broken))) for rule in RULES}
    assert any(sentence in said for said in found.pop(name))
    assert not any(found.values())


def test_every_rule_is_shown_to_catch_something():
    assert {what.partition(":")[0] for what in BROKEN} == {rule.__name__ for rule in RULES}


def test_what_a_preview_does_not_know_breaks_no_rule(everything):
    unknown = [
        Resource(r.type, r.name, dict.fromkeys(r.inputs))
        for r in everything.resources
        if r.type.split(":")[-1] not in ("BucketPublicAccessBlock", "Table")
    ]
    rules = [rule for rule in RULES if rule.__name__ != "buckets_are_closed"]
    assert [sentence for rule in rules for sentence in rule(unknown)] == []


class UnknownValueError(Exception):
    pass


class Proxy:
    """As `pulumi_policy.proxy` has it: it raises where a preview knows no value."""

    def __init__(self, target):
        self._target = target

    def __getitem__(self, key):
        value = self._target[key]
        if value is UnknownValueError:
            raise UnknownValueError
        return proxy(value)

    def __len__(self):
        return len(self._target)


class DictProxy(Proxy, Mapping):
    def __iter__(self):
        return iter(self._target)


class ListProxy(Proxy, Sequence):
    pass


def proxy(value):
    if isinstance(value, dict):
        return DictProxy(value)
    if isinstance(value, list):
        return ListProxy(value)
    return float(value) if type(value) is int else value


def test_the_pack_has_every_rule(everything, monkeypatch):
    """As Pulumi runs it; of its package, which cannot stand beside Pulumi's, a stand-in."""
    package, packs = ModuleType("pulumi_policy"), []
    package.proxy = ModuleType("pulumi_policy.proxy")
    package.proxy.UnknownValueError = UnknownValueError
    monkeypatch.setitem(sys.modules, "pulumi_policy.proxy", package.proxy)
    package.EnforcementLevel = SimpleNamespace(MANDATORY="mandatory")
    package.StackValidationPolicy = lambda **policy: SimpleNamespace(**policy)
    package.PolicyPack = lambda **pack: packs.append(pack)
    monkeypatch.setitem(sys.modules, "pulumi_policy", package)
    monkeypatch.setattr(sys, "path", list(sys.path))
    runpy.run_path(str(ROOT / "policy" / "__main__.py"))
    ((pack),) = packs
    assert [policy.name for policy in pack["policies"]] == [
        rule.__name__.replace("_", "-") for rule in RULES
    ]
    assert all(policy.description for policy in pack["policies"])
    broken = deepcopy(everything)
    broken.all("MetricAlarm")[0].inputs["alarmActions"] = []
    broken.all("MetricAlarm")[1].inputs["alarmActions"] = [UnknownValueError]
    broken.all("Model")[0].inputs["primaryContainer"]["image"] = UnknownValueError
    set_first("LogGroup", retentionInDays=0)(broken)
    variant(broken)["serverlessConfig"].update(provisionedConcurrency=9, maxConcurrency=8)
    args = SimpleNamespace(
        resources=[
            SimpleNamespace(resource_type=r.type, name=r.name, props=proxy(r.inputs))
            for r in broken.resources
        ]
    )
    said = []
    for policy in pack["policies"]:
        policy.validate(args, said.append)
    found = ("keeps 9 servers warm, and may have 8.", "tells nobody.", "is kept for ever.")
    assert len(said) == len(found) and all(map(str.endswith, said, found)), said
