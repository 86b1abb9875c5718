"""The recorded resources as a CloudFormation template, whose schemas cfn-lint knows."""

import json
import re
from typing import Any

from tests.infra.program import Deployment, Resource

Properties = dict[str, Any]
TYPES = {
    "apigatewayv2/api:Api": "AWS::ApiGatewayV2::Api",
    "apigatewayv2/apiMapping:ApiMapping": "AWS::ApiGatewayV2::ApiMapping",
    "apigatewayv2/domainName:DomainName": "AWS::ApiGatewayV2::DomainName",
    "apigatewayv2/integration:Integration": "AWS::ApiGatewayV2::Integration",
    "apigatewayv2/route:Route": "AWS::ApiGatewayV2::Route",
    "apigatewayv2/stage:Stage": "AWS::ApiGatewayV2::Stage",
    "appautoscaling/policy:Policy": "AWS::ApplicationAutoScaling::ScalingPolicy",
    "appautoscaling/target:Target": "AWS::ApplicationAutoScaling::ScalableTarget",
    "budgets/budget:Budget": "AWS::Budgets::Budget",
    "cloudwatch/dashboard:Dashboard": "AWS::CloudWatch::Dashboard",
    "cloudwatch/logGroup:LogGroup": "AWS::Logs::LogGroup",
    "cloudwatch/logMetricFilter:LogMetricFilter": "AWS::Logs::MetricFilter",
    "cloudwatch/metricAlarm:MetricAlarm": "AWS::CloudWatch::Alarm",
    "dynamodb/table:Table": "AWS::DynamoDB::Table",
    "ecr/repository:Repository": "AWS::ECR::Repository",
    "iam/role:Role": "AWS::IAM::Role",
    "iam/rolePolicy:RolePolicy": "AWS::IAM::RolePolicy",
    "lambda/eventSourceMapping:EventSourceMapping": "AWS::Lambda::EventSourceMapping",
    "lambda/function:Function": "AWS::Lambda::Function",
    "lambda/permission:Permission": "AWS::Lambda::Permission",
    "route53/record:Record": "AWS::Route53::RecordSet",
    "s3/bucket:Bucket": "AWS::S3::Bucket",
    "s3/bucketPolicy:BucketPolicy": "AWS::S3::BucketPolicy",
    "sagemaker/endpoint:Endpoint": "AWS::SageMaker::Endpoint",
    "sagemaker/endpointConfiguration:EndpointConfiguration": "AWS::SageMaker::EndpointConfig",
    "sagemaker/model:Model": "AWS::SageMaker::Model",
    "sqs/queue:Queue": "AWS::SQS::Queue",
    "sqs/queuePolicy:QueuePolicy": "AWS::SQS::QueuePolicy",
    "sns/topic:Topic": "AWS::SNS::Topic",
    "sns/topicPolicy:TopicPolicy": "AWS::SNS::TopicPolicy",
    "sns/topicSubscription:TopicSubscription": "AWS::SNS::Subscription",
}
# Pulumi makes these apart; CloudFormation knows them as a property of what they belong to.
PARTS = {
    "BucketVersioning": "VersioningConfiguration",
    "BucketPublicAccessBlock": "PublicAccessBlockConfiguration",
    "BucketOwnershipControls": "OwnershipControls",
    "BucketServerSideEncryptionConfiguration": "BucketEncryption",
    "BucketLifecycleConfiguration": "LifecycleConfiguration",
    "BucketLogging": "LoggingConfiguration",
    "LifecyclePolicy": "LifecyclePolicy",
}
WITHOUT = {"BucketObjectv2"}  # CloudFormation cannot upload an object
WORDS = {
    "Bucket": {"forceDestroy": None},
    "DomainName": {"domainNameConfiguration": "DomainNameConfigurations"},
    "Endpoint": {"name": "EndpointName"},
    "Function": {
        "name": "FunctionName",
        "sourceCodeHash": None,
    },
    "Integration": {"timeoutMilliseconds": "TimeoutInMillis"},
    "LogGroup": {"name": "LogGroupName"},
    "LogMetricFilter": {
        "name": "FilterName",
        "pattern": "FilterPattern",
        "metricTransformation": "MetricTransformations",
    },
    "MetricAlarm": {
        "name": "AlarmName",
        "metricQueries": "Metrics",
        "okActions": "OKActions",
    },
    "Permission": {"function": "FunctionName", "statementId": None},
    "Policy": {"name": "PolicyName"},
    "Queue": {
        "name": "QueueName",
        "messageRetentionSeconds": "MessageRetentionPeriod",
        "visibilityTimeoutSeconds": "VisibilityTimeout",
        "kmsMasterKeyId": "KmsMasterKeyId",
    },
    "QueuePolicy": {"queueUrl": "Queues", "policy": "PolicyDocument"},
    "Repository": {
        "name": "RepositoryName",
        "forceDelete": None,
        "encryptionConfigurations": "EncryptionConfiguration",
    },
    "Role": {"assumeRolePolicy": "AssumeRolePolicyDocument"},
    "RolePolicy": {"role": "RoleName", "policy": "PolicyDocument"},
    "BucketPolicy": {"policy": "PolicyDocument"},
    "Stage": {"name": "StageName"},
    "Table": {
        "name": "TableName",
        "attributes": "AttributeDefinitions",
        "ttl": "TimeToLiveSpecification",
        "serverSideEncryption": "SSESpecification",
        "pointInTimeRecovery": "PointInTimeRecoverySpecification",
    },
    "Topic": {"name": "TopicName", "kmsMasterKeyId": "KmsMasterKeyId"},
    "TopicPolicy": {"arn": "Topics", "policy": "PolicyDocument"},
    "TopicSubscription": {"topic": "TopicArn"},
    "Record": {"aliases": "AliasTarget", "zoneId": "HostedZoneId"},
}
# Words within the properties, wherever they stand.
INNER = {
    "memorySizeInMb": "MemorySizeInMB",
    "sseAlgorithm": "SSEAlgorithm",
    "kmsMasterKeyId": "KMSMasterKeyID",
    "targetBucket": "DestinationBucketName",
    "targetPrefix": "LogFilePrefix",
}


def template(deployment: Deployment) -> dict[str, Any]:
    """Every recorded AWS resource, parts merged into what they belong to."""
    made: dict[str, dict[str, Any]] = {}
    for resource in deployment.resources:
        kind = resource.type.removeprefix("aws:")
        if kind in TYPES:
            made[_label(resource)] = {"Type": TYPES[kind], "Properties": _properties(resource)}
    for resource in deployment.resources:
        part = resource.type.split(":")[-1]
        if part in PARTS and resource.type.startswith("aws:"):
            owner = _owner(deployment, resource)
            made[_label(owner)]["Properties"][PARTS[part]] = _part(resource)
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": made}


def left_out(deployment: Deployment) -> set[str]:
    """Types that are in no template."""
    kinds = {r.type for r in deployment.resources if r.type.startswith("aws:")}
    return {k.split(":")[-1] for k in kinds if k.removeprefix("aws:") not in TYPES} - set(PARTS)


def _label(resource: Resource) -> str:
    return re.sub(r"\W", "", f"{resource.type.split(':')[-1]}{resource.name.title()}")


def _owner(deployment: Deployment, part: Resource) -> Resource:
    kind, key = ("Repository", "repository") if "ecr" in part.type else ("Bucket", "bucket")
    return next(
        r
        for r in deployment.all(kind)
        if part.inputs[key] in (r.outputs.get("bucket"), r.outputs.get("name"))
    )


def _properties(resource: Resource) -> Properties:
    kind = resource.type.split(":")[-1]
    words: dict[str, str | None] = {**INNER, **WORDS.get(kind, {})}
    found = {}
    for key, value in resource.inputs.items():
        name = words.get(key, _pascal(key))
        if name is not None:
            found[name] = _value(key, value)
    return _reshape(kind, found)


def _part(resource: Resource) -> Properties:
    inputs = {k: v for k, v in resource.inputs.items() if k not in ("bucket", "repository")}
    if "LifecyclePolicy" in resource.type:
        return {"LifecyclePolicyText": inputs["policy"]}
    found: Properties = _value("", inputs)
    return RESHAPED_PARTS.get(resource.type.split(":")[-1], lambda part: part)(found)


def _value(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        if key in ("variables", "environment") and "variables" not in value:
            return value
        return {INNER.get(k, _pascal(k)): _value(k, v) for k, v in value.items()}
    if isinstance(value, list):
        return [_value("", item) for item in value]
    return value


def _pascal(key: str) -> str:
    return key[:1].upper() + key[1:]


def _versioning(part: Properties) -> Properties:
    return dict(part["VersioningConfiguration"])


def _encryption(part: Properties) -> Properties:
    rules = part["Rules"]
    for rule in rules:
        rule["ServerSideEncryptionByDefault"] = rule.pop("ApplyServerSideEncryptionByDefault")
    return {"ServerSideEncryptionConfiguration": rules}


def _lifecycle(part: Properties) -> Properties:
    for rule in part["Rules"]:
        which = rule.pop("Filter", {})
        if which.get("Prefix"):
            rule["Prefix"] = which["Prefix"]
        if "Tag" in which:
            rule["TagFilters"] = [which["Tag"]]
        if "Expiration" in rule:
            rule["ExpirationInDays"] = rule.pop("Expiration")["Days"]
    return part


RESHAPED_PARTS = {
    "BucketVersioning": _versioning,
    "BucketOwnershipControls": lambda part: {"Rules": [part["Rule"]]},
    "BucketServerSideEncryptionConfiguration": _encryption,
    "BucketLifecycleConfiguration": _lifecycle,
}


def _reshape(kind: str, found: Properties) -> Properties:
    reshape = RESHAPES.get(kind)
    return reshape(found) if reshape else found


def _function(found: Properties) -> Properties:
    return {**found, "Code": {"S3Bucket": "uploaded", "S3Key": "gateway.zip"}}


def _metric_filter(found: Properties) -> Properties:
    one = found["MetricTransformations"]
    metric = {
        "MetricName": one["Name"],
        "MetricNamespace": one["Namespace"],
        "MetricValue": one["Value"],
        "DefaultValue": float(one["DefaultValue"]),
    }
    return {**found, "MetricTransformations": [metric]}


def _alarm(found: Properties) -> Properties:
    if "Dimensions" in found:
        found["Dimensions"] = _pairs(found["Dimensions"])
    for query in found.get("Metrics", []):
        if metric := query.pop("Metric", None):
            place = {k: metric[k] for k in ("Namespace", "MetricName")}
            place["Dimensions"] = _pairs(metric.get("Dimensions", {}))
            query["MetricStat"] = {
                "Metric": place,
                "Period": metric["Period"],
                "Stat": metric["Stat"],
            }
            query["ReturnData"] = False
    return found


def _pairs(dimensions: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]


def _budget(found: Properties) -> Properties:
    budget = {
        "BudgetName": found["Name"],
        "BudgetType": found["BudgetType"],
        "TimeUnit": found["TimeUnit"],
        "BudgetLimit": {"Amount": float(found["LimitAmount"]), "Unit": found["LimitUnit"]},
        "CostFilters": {entry["Name"]: entry["Values"] for entry in found["CostFilters"]},
    }
    notices = []
    for notice in found["Notifications"]:
        addresses = notice.pop("SubscriberEmailAddresses")
        who = [{"SubscriptionType": "EMAIL", "Address": address} for address in addresses]
        notices.append({"Notification": notice, "Subscribers": who})
    return {"Budget": budget, "NotificationsWithSubscribers": notices}


def _record(found: Properties) -> Properties:
    (alias,) = found["AliasTarget"]
    target = {
        "DNSName": alias["Name"],
        "HostedZoneId": alias["ZoneId"],
        "EvaluateTargetHealth": alias["EvaluateTargetHealth"],
    }
    return {**found, "AliasTarget": target}


def _table(found: Properties) -> Properties:
    keys = {"HASH": found.pop("HashKey"), "RANGE": found.pop("RangeKey")}
    found["KeySchema"] = [{"AttributeName": name, "KeyType": kind} for kind, name in keys.items()]
    found["AttributeDefinitions"] = [
        {"AttributeName": entry["Name"], "AttributeType": entry["Type"]}
        for entry in found["AttributeDefinitions"]
    ]
    encryption = found["SSESpecification"]
    found["SSESpecification"] = {"SSEEnabled": encryption["Enabled"]}
    if "KmsKeyArn" in encryption:
        found["SSESpecification"] |= {"SSEType": "KMS", "KMSMasterKeyId": encryption["KmsKeyArn"]}
    recovery = found["PointInTimeRecoverySpecification"]
    found["PointInTimeRecoverySpecification"] = {"PointInTimeRecoveryEnabled": recovery["Enabled"]}
    return found


def _queue(found: Properties) -> Properties:
    redrive = {key: json.loads(found[key]) for key in ("RedrivePolicy",) if key in found}
    return {**found, **redrive}


RESHAPES = {
    "Table": _table,
    "Function": _function,
    "LogMetricFilter": _metric_filter,
    "MetricAlarm": _alarm,
    "Budget": _budget,
    "Record": _record,
    "RolePolicy": lambda found: {"PolicyName": "own", **found},
    "DomainName": lambda found: {
        **found, "DomainNameConfigurations": [found["DomainNameConfigurations"]]
    },
    "Repository": lambda found: {
        **found, "EncryptionConfiguration": found["EncryptionConfiguration"][0]
    },
    "Queue": _queue,
    "QueuePolicy": lambda found: {**found, "Queues": [found["Queues"]]},
    "TopicPolicy": lambda found: {**found, "Topics": [found["Topics"]]},
}  # fmt: skip
