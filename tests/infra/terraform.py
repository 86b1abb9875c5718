"""The recorded resources in Terraform's words, which scanners and its AWS provider read.

Pulumi's AWS provider is Terraform's: the names differ in case, number and a few words only.
"""

import re
from typing import Any

from tests.infra.program import Deployment, Resource

TYPES = {
    "aws:apigatewayv2/apiMapping:ApiMapping": "aws_apigatewayv2_api_mapping",
    "aws:apigatewayv2/domainName:DomainName": "aws_apigatewayv2_domain_name",
    "aws:appautoscaling/policy:Policy": "aws_appautoscaling_policy",
    "aws:appautoscaling/target:Target": "aws_appautoscaling_target",
    "aws:budgets/budget:Budget": "aws_budgets_budget",
    "aws:cloudwatch/logGroup:LogGroup": "aws_cloudwatch_log_group",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": "aws_cloudwatch_log_metric_filter",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "aws_cloudwatch_metric_alarm",
    "aws:lambda/eventSourceMapping:EventSourceMapping": "aws_lambda_event_source_mapping",
    "aws:sqs/queuePolicy:QueuePolicy": "aws_sqs_queue_policy",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": "aws_ecr_lifecycle_policy",
    "aws:iam/rolePolicy:RolePolicy": "aws_iam_role_policy",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (
        "aws_s3_bucket_lifecycle_configuration"
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "aws_s3_bucket_ownership_controls",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "aws_s3_bucket_public_access_block",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "aws_s3_bucket_server_side_encryption_configuration"
    ),
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": (
        "aws_sagemaker_endpoint_configuration"
    ),
    "aws:sns/topicPolicy:TopicPolicy": "aws_sns_topic_policy",
    "aws:sns/topicSubscription:TopicSubscription": "aws_sns_topic_subscription",
}
WORDS = {
    "aliases": "alias",
    "costFilters": "cost_filter",
    "encryptionConfigurations": "encryption_configuration",
    "metricQueries": "metric_query",
    "notifications": "notification",
    "rules": "rule",
}
# A few arguments that Terraform names after their resource.
OWN_WORDS = {
    "aws_dynamodb_table": {"attributes": "attribute"},
    "aws_cloudwatch_metric_alarm": {"name": "alarm_name"},
    "aws_lambda_function": {"name": "function_name", "code": "filename"},
    "aws_lambda_permission": {"function": "function_name"},
    "aws_sns_topic_subscription": {"topic": "topic_arn"},
}
MAPS = {"tags", "variables", "dimensions"}  # where an object is a map, not a block


def terraform_type(kind: str) -> str:
    """aws:s3/bucketPolicy:BucketPolicy is aws_s3_bucket_policy; the table has longer ones."""
    if kind in TYPES:
        return TYPES[kind]
    _, module, name = re.split(r"[:/]", kind)[:3]
    return f"aws_{module}_{_snake(name)}"


def label(resource: Resource) -> str:
    """What Terraform calls the resource in a configuration."""
    return re.sub(r"\W", "_", resource.name)


def arguments(resource: Resource) -> dict[str, Any]:
    """The inputs as Terraform's arguments, blocks as lists."""
    own = OWN_WORDS.get(terraform_type(resource.type), {})
    return {
        own.get(key, WORDS.get(key, _snake(key))): _value(resource, key, value)
        for key, value in resource.inputs.items()
    }


def plan(deployment: Deployment) -> dict[str, Any]:
    """A plan's JSON (`terraform show -json`), as far as scanners read it."""
    ours = [r for r in deployment.resources if r.type.startswith("aws:")]
    resources = [{**_head(resource), "values": arguments(resource)} for resource in ours]
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": [
            {**entry, "change": {"actions": ["create"], "before": None, "after": entry["values"]}}
            for entry in resources
        ],
        "configuration": {
            "root_module": {
                "resources": [{**_head(r), "expressions": _references(r, ours)} for r in ours]
            }
        },
    }


def address(resource: Resource) -> str:
    return f"{terraform_type(resource.type)}.{label(resource)}"


def _head(resource: Resource) -> dict[str, Any]:
    return {
        "address": address(resource),
        "mode": "managed",
        "type": terraform_type(resource.type),
        "name": label(resource),
        "provider_name": "registry.terraform.io/hashicorp/aws",
    }


def _references(resource: Resource, others: list[Resource]) -> dict[str, Any]:
    """Which argument names which resource: scanners follow a bucket's parts to it."""
    buckets = {r.outputs["bucket"]: address(r) for r in others if r.type.endswith(":Bucket")}
    domains = [address(r) for r in others if r.type.endswith(":DomainName")]
    found = {
        key: {"references": [f"{buckets[value]}.id", buckets[value]]}
        for key, value in arguments(resource).items()
        if isinstance(value, str) and value in buckets
    }
    if resource.type.endswith(":Record"):
        found["alias"] = [{"name": {"references": [f"{domains[0]}.domain_name", domains[0]]}}]
    return found


def _value(resource: Resource, key: str, value: Any) -> Any:
    if type(value).__module__.startswith("pulumi.") and hasattr(value, "path"):
        return value.path
    if isinstance(value, dict):
        container = key == "environment" and "Model" in resource.type
        if key in MAPS or container:
            return value
        return [{WORDS.get(k, _snake(k)): _value(resource, k, v) for k, v in value.items()}]
    if isinstance(value, list):
        return [v for item in value for v in _items(resource, key, item)]
    return value


def _items(resource: Resource, key: str, item: Any) -> list[Any]:
    value = _value(resource, key, item)
    return value if isinstance(item, dict) else [value]


def _snake(key: str) -> str:
    return re.sub(r"[A-Z]", lambda match: "_" + match[0].lower(), key)
