"""What a stack keeps, whoever changed it: each rule finds what breaks it, in a sentence each.

Only the standard library: the pack's environment has nothing else of this project's.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
# The actions that may name no resource: AWS knows none for them.
ANY_RESOURCE = {
    "cloudwatch:PutMetricData",
    "ecr:GetAuthorizationToken",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}
LOG_DAYS = 1
_DIGEST = re.compile(r"[^:@]+@sha256:[0-9a-f]{64}")


class Resource(NamedTuple):
    """`props` have Pulumi's names; what a preview does not know yet is left out or None."""

    type: str
    name: str
    props: Mapping[str, Any]


Resources = Sequence[Resource]
Rule = Callable[[Resources], Iterator[str]]


def of_kind(resources: Resources, *kinds: str) -> Iterator[Resource]:
    """Those of AWS's types, named by their last part: Bucket."""
    return (
        resource
        for resource in resources
        if resource.type.startswith("aws:") and resource.type.split(":")[-1] in kinds
    )


def provisioned_within_maximum(resources: Resources) -> Iterator[str]:
    """No endpoint keeps more servers warm than it may have, or is serverless with instances."""
    for resource in of_kind(resources, "EndpointConfiguration"):
        for variant in resource.props.get("productionVariants") or ():
            serverless = variant.get("serverlessConfig")
            if not serverless:
                continue
            warm, maximum = (
                serverless.get(key) or 0 for key in ("provisionedConcurrency", "maxConcurrency")
            )
            if warm > maximum:
                yield f"{resource.name} keeps {warm} servers warm, and may have {maximum}"
            if variant.get("instanceType") or variant.get("initialInstanceCount"):
                yield f"{resource.name} is serverless, and names instances"


def images_have_digests(resources: Resources) -> Iterator[str]:
    """What runs is named by its digest: a tag may be moved."""
    for model in of_kind(resources, "Model"):
        image = (model.props.get("primaryContainer") or {}).get("image")
        if image and not _DIGEST.fullmatch(image):
            yield f"{model.name} runs {image}, which names no digest"


def alarms_reach_somebody(resources: Resources) -> Iterator[str]:
    """Every alarm has an action. Pulumi's provider leaves an empty list out."""
    for alarm in of_kind(resources, "MetricAlarm"):
        if alarm.props.get("alarmActions", []) == []:
            yield f"{alarm.name} tells nobody"


def buckets_are_closed(resources: Resources) -> Iterator[str]:
    """Nothing in a bucket is public, every bucket is encrypted, versioned or emptied every day,
    and says so."""
    for block in of_kind(resources, "BucketPublicAccessBlock"):
        for key in (
            "blockPublicAcls",
            "blockPublicPolicy",
            "ignorePublicAcls",
            "restrictPublicBuckets",
        ):
            if block.props.get(key) is not True:
                yield f"{block.name} does not set {key}"
    buckets = len(list(of_kind(resources, "Bucket", "BucketV2")))
    for part in (
        "BucketPublicAccessBlock",
        "BucketServerSideEncryptionConfiguration",
        "BucketVersioning",
    ):
        parts = len(list(of_kind(resources, part)))
        if part == "BucketVersioning":
            parts += len(list(filter(_lasts_a_day, resources)))
        if parts < buckets:
            yield f"{buckets} buckets have {parts} times a {part}"


def _lasts_a_day(resource: Resource) -> bool:
    """Whether this lifecycle deletes all that is in its bucket, which has no use for versions."""
    rules = resource.props.get("rules") or ()
    return resource.type.endswith(":BucketLifecycleConfiguration") and any(
        (rule.get("expiration") or {}).get("days") == 1
        and not (rule.get("filter") or {}).get("prefix")
        for rule in rules
    )


def rights_are_named(resources: Resources) -> Iterator[str]:
    """No role may do anything by a wildcard, or to any resource where AWS knows resources."""
    for policy in of_kind(resources, "RolePolicy"):
        for statement in _statements(policy, "policy"):
            actions = _as_list(statement.get("Action"))
            if statement.get("Effect") != "Allow":
                continue
            for action in actions:
                if "*" in str(action):
                    yield f"{policy.name} allows {action}"
            if "*" in _as_list(statement.get("Resource")) and not {*actions} <= ANY_RESOURCE:
                yield f"{policy.name} allows {', '.join(actions)} on any resource"


def roles_are_of_this_account(resources: Resources) -> Iterator[str]:
    """A service takes a role on behalf of one account only."""
    for role in of_kind(resources, "Role"):
        for statement in _statements(role, "assumeRolePolicy"):
            if "aws:SourceAccount" not in json.dumps(statement.get("Condition") or {}):
                yield f"{role.name} may be taken for any account"


def logs_end(resources: Resources) -> Iterator[str]:
    """No log is kept for ever, as it is without days or with none."""
    for group in of_kind(resources, "LogGroup"):
        days = group.props.get("retentionInDays", 0)
        if days is not None and days < LOG_DAYS:
            yield f"{group.name} is kept for ever"


def counts_scale_and_expire(resources: Resources) -> Iterator[str]:
    """The table of counts is paid for by its use, encrypted, and forgets."""
    for table in of_kind(resources, "Table"):
        if table.props.get("billingMode") != "PAY_PER_REQUEST":
            yield f"{table.name} is paid for while nobody uses it"
        if not (table.props.get("serverSideEncryption") or {}).get("enabled"):
            yield f"{table.name} is not encrypted with a key of KMS"
        if not (table.props.get("ttl") or {}).get("enabled"):
            yield f"{table.name} forgets nothing"


def time_outs_nest(resources: Resources) -> Iterator[str]:
    """The function gives up before the API does: its caller is told why. One that a queue feeds
    has no caller."""
    fed = {m.props.get("functionName") for m in of_kind(resources, "EventSourceMapping")}
    functions = [
        function.props.get("timeout")
        for function in of_kind(resources, "Function")
        if function.props.get("name") not in fed
    ]
    waits = [i.props.get("timeoutMilliseconds") for i in of_kind(resources, "Integration")]
    for timeout in filter(None, functions):
        for wait in filter(None, waits):
            if not timeout < wait / 1000 <= 30:
                yield f"the function has {timeout} s, and the API waits {wait / 1000:g} s for it"


def preflights_name_methods(resources: Resources) -> Iterator[str]:
    """What a page may send is a method of HTTP."""
    for api in of_kind(resources, "Api"):
        for method in (api.props.get("corsConfiguration") or {}).get("allowMethods") or ():
            if method not in METHODS:
                yield f"{api.name} allows {method}, which is no method"


def routes_have_methods(resources: Resources) -> Iterator[str]:
    """A route is $default, or METHOD /path."""
    pattern = re.compile(rf"\$default|(?:ANY|{'|'.join(sorted(METHODS))}) /\S*")
    for route in of_kind(resources, "Route"):
        key = route.props.get("routeKey")
        if key and not pattern.fullmatch(key):
            yield f"{route.name} routes {key!r}, which is no route"


def the_dashboard_can_be_shown(resources: Resources) -> Iterator[str]:
    """Its widgets have types, lie on the grid, and name region and metrics."""
    for dashboard in of_kind(resources, "Dashboard"):
        body = dashboard.props.get("dashboardBody")
        for widget in json.loads(body)["widgets"] if isinstance(body, str) else ():
            if "type" not in widget:
                yield f"{dashboard.name} has a widget without a type"
            if widget["x"] + widget["width"] > 24:
                yield f"{dashboard.name} has a widget off the grid"
            if widget.get("type") == "metric" and not {"region", "metrics"} <= {
                *widget["properties"]
            }:
                yield f"{dashboard.name} has a chart without region or metrics"


RULES: tuple[Rule, ...] = (
    provisioned_within_maximum,
    images_have_digests,
    alarms_reach_somebody,
    buckets_are_closed,
    rights_are_named,
    roles_are_of_this_account,
    logs_end,
    counts_scale_and_expire,
    time_outs_nest,
    preflights_name_methods,
    routes_have_methods,
    the_dashboard_can_be_shown,
)


def _statements(resource: Resource, key: str) -> list[dict[str, Any]]:
    """Of an IAM document; none where it is not known yet."""
    text = resource.props.get(key)
    return list(json.loads(text)["Statement"]) if isinstance(text, str) and text else []


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
