"""An engine that creates every resource in moto through boto3: names, ARNs and references are
real, and every parameter is one that botocore's models allow."""

import hashlib
from pathlib import Path
from typing import Any

import boto3
import pulumi

from tests.infra.botocore_rules import problems, to_parameter
from tests.infra.program import plain
from tests.infra.recorded import ACCOUNT, ANSWERS, DIGEST, REGION

Made = tuple[str, dict[str, Any]]


class MotoAws(pulumi.runtime.Mocks):
    """Use inside `moto.mock_aws()`, or with AWS_ENDPOINT_URL pointing to a moto server."""

    def __init__(self) -> None:
        self.clients: dict[str, Any] = {}

    def new_resource(self, args: Any) -> Made:
        kind, inputs = args.typ.split(":")[-1], plain(args.inputs)
        if args.typ.startswith("aws:"):
            made, outputs = getattr(self, f"make_{kind}")(args.name, inputs)
            return made, {**args.inputs, **outputs}
        if kind == "RandomBytes":
            return args.name, {**inputs, "hex": hashlib.sha256(args.name.encode()).hexdigest()}
        return args.name, {**inputs, "digest": DIGEST}

    def call(self, args: Any) -> dict[str, Any]:
        return ANSWERS[args.token]

    def client(self, service: str) -> Any:
        if service not in self.clients:
            self.clients[service] = boto3.client(service, region_name=REGION)
        return self.clients[service]

    def api(
        self, service: str, operation: str, inputs: dict, words: Any = None, **extra: Any
    ) -> Any:
        """Call an operation with Pulumi's inputs, renamed by `words` where AWS's names differ."""
        client = self.client(service)
        shape = client.meta.service_model.operation_model(operation).input_shape
        given = {key: value for key, value in inputs.items() if value is not None}
        parameters = {**to_parameter(shape, given, operation, words or {}), **extra}
        found = problems(shape, parameters, operation)
        assert not found, "; ".join(found)
        methods = {v: k for k, v in client.meta.method_to_api_mapping.items()}
        return getattr(client, methods[operation])(**parameters)

    # S3

    def make_Bucket(self, name: str, inputs: dict) -> Made:
        bucket = f"{name}-0a1b2c3"
        place = {"LocationConstraint": REGION}
        self.api("s3", "CreateBucket", {}, Bucket=bucket, CreateBucketConfiguration=place)
        return bucket, {"bucket": bucket, "arn": f"arn:aws:s3:::{bucket}"}

    def put(self, operation: str, inputs: dict, *keys: str, wrap: str) -> Made:
        """A part of a bucket: Pulumi's flat inputs belong below one parameter."""
        bucket = inputs.pop("bucket")
        self.api("s3", operation, {"bucket": bucket, wrap: inputs})
        return bucket, {}

    def make_BucketVersioning(self, name: str, inputs: dict) -> Made:
        self.api("s3", "PutBucketVersioning", inputs)
        return inputs["bucket"], {}

    def make_BucketPolicy(self, name: str, inputs: dict) -> Made:
        self.api("s3", "PutBucketPolicy", inputs)
        return inputs["bucket"], {}

    def make_BucketServerSideEncryptionConfiguration(self, name: str, inputs: dict) -> Made:
        return self.put("PutBucketEncryption", inputs, wrap="serverSideEncryptionConfiguration")

    def make_BucketPublicAccessBlock(self, name: str, inputs: dict) -> Made:
        return self.put("PutPublicAccessBlock", inputs, wrap="publicAccessBlockConfiguration")

    def make_BucketLifecycleConfiguration(self, name: str, inputs: dict) -> Made:
        return self.put("PutBucketLifecycleConfiguration", inputs, wrap="lifecycleConfiguration")

    def make_BucketOwnershipControls(self, name: str, inputs: dict) -> Made:
        return self.put("PutBucketOwnershipControls", inputs, wrap="ownershipControls")

    def make_BucketLogging(self, name: str, inputs: dict) -> Made:
        bucket = inputs.pop("bucket")
        self.api("s3", "PutBucketLogging", {}, Bucket=bucket, BucketLoggingStatus={
            "LoggingEnabled": {"TargetBucket": inputs["targetBucket"],
                               "TargetPrefix": inputs["targetPrefix"]}})  # fmt: skip
        return bucket, {}

    def make_BucketObjectv2(self, name: str, inputs: dict) -> Made:
        body = Path(inputs.pop("source").path).read_bytes()
        self.api("s3", "PutObject", inputs, Body=body)
        return inputs["key"], {}

    # ECR, IAM

    def make_Repository(self, name: str, inputs: dict) -> Made:
        del inputs["forceDelete"]
        (encryption,) = inputs.pop("encryptionConfigurations")
        inputs["encryptionConfiguration"] = encryption
        made = self.api("ecr", "CreateRepository", inputs, {"name": "repositoryName"})["repository"]
        return made["repositoryName"], {
            "arn": made["repositoryArn"],
            "repositoryUrl": made["repositoryUri"],
            "registryId": made["registryId"],
        }

    def make_LifecyclePolicy(self, name: str, inputs: dict) -> Made:
        words = {"repository": "repositoryName", "policy": "lifecyclePolicyText"}
        self.api("ecr", "PutLifecyclePolicy", inputs, words)
        return inputs["repository"], {}

    def make_Role(self, name: str, inputs: dict) -> Made:
        words = {"assumeRolePolicy": "AssumeRolePolicyDocument"}
        role = self.api("iam", "CreateRole", inputs, words, RoleName=f"{name}-0a1b2c3")["Role"]
        return role["RoleName"], {"name": role["RoleName"], "arn": role["Arn"]}

    def make_RolePolicy(self, name: str, inputs: dict) -> Made:
        words = {"role": "RoleName", "policy": "PolicyDocument"}
        self.api("iam", "PutRolePolicy", inputs, words, PolicyName=f"{name}-0a1b2c3")
        return f"{inputs['role']}:{name}", {}

    # SageMaker

    def make_Model(self, name: str, inputs: dict) -> Made:
        model = f"{name}-0a1b2c3"
        made = self.api("sagemaker", "CreateModel", inputs, ModelName=model)
        return model, {"name": model, "arn": made["ModelArn"]}

    def make_EndpointConfiguration(self, name: str, inputs: dict) -> Made:
        made_name = f"{name}-0a1b2c3"
        made = self.api("sagemaker", "CreateEndpointConfig", inputs, EndpointConfigName=made_name)
        return made_name, {"name": made_name, "arn": made["EndpointConfigArn"]}

    def make_Endpoint(self, name: str, inputs: dict) -> Made:
        made = self.api("sagemaker", "CreateEndpoint", inputs, {"name": "EndpointName"})
        return inputs["name"], {"arn": made["EndpointArn"]}

    def make_Target(self, name: str, inputs: dict) -> Made:
        made = self.api("application-autoscaling", "RegisterScalableTarget", inputs)
        return inputs["resourceId"], {"arn": made["ScalableTargetARN"]}

    def make_Policy(self, name: str, inputs: dict) -> Made:
        words = {"name": "PolicyName"}
        made = self.api("application-autoscaling", "PutScalingPolicy", inputs, words)
        return inputs["name"], {"arn": made["PolicyARN"]}

    # DynamoDB

    def make_Table(self, name: str, inputs: dict) -> Made:
        table, ttl = inputs["name"], inputs.pop("ttl")
        recovery, encryption = inputs.pop("pointInTimeRecovery"), inputs.pop("serverSideEncryption")
        keys = {"HASH": inputs.pop("hashKey"), "RANGE": inputs.pop("rangeKey")}
        schema = [{"AttributeName": key, "KeyType": kind} for kind, key in keys.items()]
        definitions = [
            {"AttributeName": entry["name"], "AttributeType": entry["type"]}
            for entry in inputs.pop("attributes")
        ]
        sse = {"Enabled": encryption["enabled"], "SSEType": "KMS"}
        if key := encryption.get("kmsKeyArn"):
            sse["KMSMasterKeyId"] = key
        made = self.api(
            "dynamodb", "CreateTable", inputs, {"name": "TableName"}, KeySchema=schema,
            AttributeDefinitions=definitions, SSESpecification=sse,
        )  # fmt: skip
        kept = {"AttributeName": ttl["attributeName"], "Enabled": ttl["enabled"]}
        self.api("dynamodb", "UpdateTimeToLive", {}, TableName=table, TimeToLiveSpecification=kept)
        wanted = {"PointInTimeRecoveryEnabled": recovery["enabled"]}
        self.api(
            "dynamodb", "UpdateContinuousBackups", {}, TableName=table,
            PointInTimeRecoverySpecification=wanted,
        )  # fmt: skip
        return table, {"arn": made["TableDescription"]["TableArn"]}

    # SQS

    def make_Queue(self, name: str, inputs: dict) -> Made:
        words = {
            "messageRetentionSeconds": "MessageRetentionPeriod",
            "visibilityTimeoutSeconds": "VisibilityTimeout",
        }
        queue = inputs.pop("name")
        own = {words.get(k, k[0].upper() + k[1:]): _attribute(v) for k, v in inputs.items()}
        made = self.api("sqs", "CreateQueue", {}, QueueName=queue, Attributes=own)
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"
        return made["QueueUrl"], {"url": made["QueueUrl"], "arn": arn}

    def make_QueuePolicy(self, name: str, inputs: dict) -> Made:
        attributes = {"Policy": inputs["policy"]}
        self.api("sqs", "SetQueueAttributes", {}, QueueUrl=inputs["queueUrl"],
                 Attributes=attributes)  # fmt: skip
        return inputs["queueUrl"], {}

    # Lambda, API Gateway

    def make_EventSourceMapping(self, name: str, inputs: dict) -> Made:
        made = self.api("lambda", "CreateEventSourceMapping", inputs)
        return made["UUID"], {"uuid": made["UUID"]}

    def make_Function(self, name: str, inputs: dict) -> Made:
        code = {"ZipFile": Path(inputs.pop("code").path).read_bytes()}
        reserved = inputs.pop("reservedConcurrentExecutions", None)
        del inputs["sourceCodeHash"]
        words = {"name": "FunctionName"}
        arn = self.api("lambda", "CreateFunction", inputs, words, Code=code)["FunctionArn"]
        if reserved:
            self.api("lambda", "PutFunctionConcurrency", {}, FunctionName=inputs["name"],
                     ReservedConcurrentExecutions=int(reserved))  # fmt: skip
        path = f"lambda:path/2015-03-31/functions/{arn}/invocations"
        return inputs["name"], {"arn": arn, "invokeArn": f"arn:aws:apigateway:{REGION}:{path}"}

    def make_Permission(self, name: str, inputs: dict) -> Made:
        self.api("lambda", "AddPermission", inputs, {"function": "FunctionName"})
        return inputs["statementId"], {}

    def make_Api(self, name: str, inputs: dict) -> Made:
        made = self.api("apigatewayv2", "CreateApi", inputs)
        execution = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{made['ApiId']}"
        return made["ApiId"], {"apiEndpoint": made["ApiEndpoint"], "executionArn": execution}

    def make_Integration(self, name: str, inputs: dict) -> Made:
        words = {"timeoutMilliseconds": "TimeoutInMillis"}
        return self.api("apigatewayv2", "CreateIntegration", inputs, words)["IntegrationId"], {}

    def make_Route(self, name: str, inputs: dict) -> Made:
        return self.api("apigatewayv2", "CreateRoute", inputs)["RouteId"], {}

    def make_Stage(self, name: str, inputs: dict) -> Made:
        self.api("apigatewayv2", "CreateStage", inputs, {"name": "StageName"})
        return inputs["name"], {}

    def make_DomainName(self, name: str, inputs: dict) -> Made:
        words = {"domainNameConfiguration": "DomainNameConfigurations"}
        made = self.api("apigatewayv2", "CreateDomainName", inputs, words)
        own = made["DomainNameConfigurations"][0]
        target = own.get("ApiGatewayDomainName") or f"d-0a1b2c3.execute-api.{REGION}.amazonaws.com"
        zone = own.get("HostedZoneId") or "ZLY8HYME6SFDD"
        outputs = {"targetDomainName": target, "hostedZoneId": zone}
        return inputs["domainName"], {
            "domainNameConfiguration": {**inputs["domainNameConfiguration"], **outputs}
        }

    def make_ApiMapping(self, name: str, inputs: dict) -> Made:
        return self.api("apigatewayv2", "CreateApiMapping", inputs)["ApiMappingId"], {}

    def make_Record(self, name: str, inputs: dict) -> Made:
        (alias,) = inputs["aliases"]
        target = {
            "HostedZoneId": alias["zoneId"],
            "DNSName": alias["name"],
            "EvaluateTargetHealth": alias["evaluateTargetHealth"],
        }
        record = {"Name": inputs["name"], "Type": inputs["type"], "AliasTarget": target}
        batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        zone = inputs["zoneId"]
        self.api("route53", "ChangeResourceRecordSets", {}, HostedZoneId=zone, ChangeBatch=batch)
        return f"{zone}_{inputs['name']}_A", {}

    # CloudWatch, SNS, budgets

    def make_LogGroup(self, name: str, inputs: dict) -> Made:
        days, group = int(inputs.pop("retentionInDays")), inputs["name"]
        self.api("logs", "CreateLogGroup", inputs, {"name": "logGroupName"})
        self.api("logs", "PutRetentionPolicy", {}, logGroupName=group, retentionInDays=days)
        return group, {"arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}"}

    def make_LogMetricFilter(self, name: str, inputs: dict) -> Made:
        transformation = {
            f"metric{key[0].upper()}{key[1:]}" if key != "defaultValue" else key: value
            for key, value in inputs.pop("metricTransformation").items()
        }
        inputs |= {"filterName": inputs.pop("name"), "filterPattern": inputs.pop("pattern")}
        transformation["defaultValue"] = float(transformation["defaultValue"])
        self.api("logs", "PutMetricFilter", inputs, metricTransformations=[transformation])
        return inputs["filterName"], {}

    def make_Dashboard(self, name: str, inputs: dict) -> Made:
        answer = self.api("cloudwatch", "PutDashboard", inputs)
        assert not answer.get("DashboardValidationMessages")
        return inputs["dashboardName"], {}

    def make_MetricAlarm(self, name: str, inputs: dict) -> Made:
        inputs["dimensions"] = _pairs(inputs.get("dimensions"))
        for query in inputs.get("metricQueries", []):
            if metric := query.pop("metric", None):
                query["metricStat"] = {
                    "metric": {
                        "namespace": metric["namespace"],
                        "metricName": metric["metricName"],
                        "dimensions": _pairs(metric.get("dimensions")),
                    },
                    "period": metric["period"],
                    "stat": metric["stat"],
                }
        words = {"name": "AlarmName", "metricQueries": "Metrics"}
        self.api("cloudwatch", "PutMetricAlarm", inputs, words)
        return inputs["name"], {}

    def make_Topic(self, name: str, inputs: dict) -> Made:
        attributes = {"KmsMasterKeyId": inputs["kmsMasterKeyId"]} if len(inputs) > 1 else {}
        made = self.api("sns", "CreateTopic", {}, Name=inputs["name"], Attributes=attributes)
        return made["TopicArn"], {"arn": made["TopicArn"]}

    def make_TopicPolicy(self, name: str, inputs: dict) -> Made:
        extra = {"AttributeName": "Policy", "AttributeValue": inputs["policy"]}
        self.api("sns", "SetTopicAttributes", {}, TopicArn=inputs["arn"], **extra)
        return inputs["arn"], {}

    def make_TopicSubscription(self, name: str, inputs: dict) -> Made:
        made = self.api("sns", "Subscribe", inputs, {"topic": "TopicArn"})
        return made["SubscriptionArn"], {}

    def make_Budget(self, name: str, inputs: dict) -> Made:
        notices = [
            {
                "Notification": {
                    "NotificationType": notice["notificationType"],
                    "ComparisonOperator": notice["comparisonOperator"],
                    "Threshold": float(notice["threshold"]),
                    "ThresholdType": notice["thresholdType"],
                },
                "Subscribers": [
                    {"SubscriptionType": "EMAIL", "Address": address}
                    for address in notice["subscriberEmailAddresses"]
                ],
            }
            for notice in inputs["notifications"]
        ]
        budget = {
            "BudgetName": inputs["name"],
            "BudgetType": inputs["budgetType"],
            "TimeUnit": inputs["timeUnit"],
            "BudgetLimit": {"Amount": inputs["limitAmount"], "Unit": inputs["limitUnit"]},
            "CostFilters": {entry["name"]: entry["values"] for entry in inputs["costFilters"]},
        }
        self.api("budgets", "CreateBudget", {}, AccountId=ACCOUNT, Budget=budget,
                 NotificationsWithSubscribers=notices)  # fmt: skip
        return f"{ACCOUNT}:{inputs['name']}", {}


def _pairs(dimensions: dict[str, str] | None) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in (dimensions or {}).items()]


def _attribute(value: Any) -> str:
    """SQS takes texts only."""
    return str(value).lower() if isinstance(value, bool) else str(value)
