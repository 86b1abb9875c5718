"""A `pulumi-resource-aws` on moto alone, for machines without Terraform's provider: resources are
made as tests/infra/moto_aws.py makes them; what replaces one is read from replacements.json.

What it cannot judge: whether the real provider takes the inputs, what a refresh would find, and
what it would do to AWS in an update that is not in CHANGED or MADE_AGAIN.
"""

import json
import time
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.exceptions import ClientError
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2

from tests.infra.moto_aws import MotoAws
from tests.infra.recorded import ACCOUNT, ANSWERS
from tests.up.plugin import PartlyMadeError, Provider, difference, random_suffix, serve
from tests.up.wire import Values, is_asset, is_known, split_urn, to_python, to_struct

REPLACEMENTS = Path(__file__).with_name("replacements.json")
NAME, INPUTS = "__name", "__inputs"  # where the start of names, and the inputs, are kept
# Kinds of which a second making changes the first, as S3's and IAM's puts do.
MADE_AGAIN = {
    "BucketObjectv2", "BucketPolicy", "BucketVersioning", "BucketLifecycleConfiguration",
    "BucketServerSideEncryptionConfiguration", "Dashboard", "LifecyclePolicy", "LogMetricFilter",
    "MetricAlarm", "Policy", "QueuePolicy", "RolePolicy", "Target", "TopicPolicy",
}  # fmt: skip
# Kind: service, operation, Pulumi's names of what the operation calls otherwise.
CHANGED = {
    "Endpoint": ("sagemaker", "UpdateEndpoint", {"name": "EndpointName"}),
    "Function": ("lambda", "UpdateFunctionConfiguration", {"name": "FunctionName"}),
}
SCALED = {key[0].upper() + key[1:]: key
          for key in ("serviceNamespace", "resourceId", "scalableDimension")}  # fmt: skip
# Kind: service, operation, {parameter: output}; what is not here goes with what it belongs to.
DELETED: dict[str, tuple[str, str, dict[str, str]]] = {
    "Api": ("apigatewayv2", "DeleteApi", {"ApiId": "id"}),
    "ApiMapping": (
        "apigatewayv2",
        "DeleteApiMapping",
        {"ApiMappingId": "id", "DomainName": "domainName"},
    ),
    "BucketObjectv2": ("s3", "DeleteObject", {"Bucket": "bucket", "Key": "key"}),
    "Budget": ("budgets", "DeleteBudget", {"AccountId": "account", "BudgetName": "name"}),
    "Dashboard": ("cloudwatch", "DeleteDashboards", {"DashboardNames": "dashboardNames"}),
    "DomainName": ("apigatewayv2", "DeleteDomainName", {"DomainName": "domainName"}),
    "Endpoint": ("sagemaker", "DeleteEndpoint", {"EndpointName": "name"}),
    "EndpointConfiguration": ("sagemaker", "DeleteEndpointConfig", {"EndpointConfigName": "name"}),
    "EventSourceMapping": ("lambda", "DeleteEventSourceMapping", {"UUID": "id"}),
    "Function": ("lambda", "DeleteFunction", {"FunctionName": "name"}),
    "LogGroup": ("logs", "DeleteLogGroup", {"logGroupName": "name"}),
    "MetricAlarm": ("cloudwatch", "DeleteAlarms", {"AlarmNames": "names"}),
    "Model": ("sagemaker", "DeleteModel", {"ModelName": "name"}),
    "Policy": ("application-autoscaling", "DeleteScalingPolicy", {"PolicyName": "name", **SCALED}),
    "Queue": ("sqs", "DeleteQueue", {"QueueUrl": "id"}),
    "Repository": ("ecr", "DeleteRepository", {"repositoryName": "name", "force": "forceDelete"}),
    "Role": ("iam", "DeleteRole", {"RoleName": "name"}),
    "RolePolicy": ("iam", "DeleteRolePolicy", {"RoleName": "role", "PolicyName": "name"}),
    "Table": ("dynamodb", "DeleteTable", {"TableName": "name"}),
    "Target": ("application-autoscaling", "DeregisterScalableTarget", SCALED),
    "Topic": ("sns", "DeleteTopic", {"TopicArn": "arn"}),
}


class Moto(Provider):
    version = "7.51.1"

    def __init__(self) -> None:
        self._aws = MotoAws()
        self._replacing = json.loads(REPLACEMENTS.read_text("utf-8"))

    def Diff(self, request: Any, context: Any) -> Any:
        token, _ = split_urn(request.urn)
        olds, news = to_python(request.olds), to_python(request.news)
        known = olds[INPUTS]
        changes = {}
        for name in {*known, *news}:
            if _plain(known.get(name)) != _plain(news.get(name)):
                verb = "UPDATE" if name in known else "ADD"
                replaces = name in self._replacing.get(token, [])
                changes[name] = verb + ("_REPLACE" if replaces else "")
        replaced = any(change.endswith("_REPLACE") for change in changes.values())
        return difference(changes, deleteBeforeReplace=replaced and "name" in news)

    def Create(self, request: Any, context: Any) -> Any:
        token, name = split_urn(request.urn)
        kind, inputs = token.rpartition(":")[2], to_python(request.properties)
        if request.preview or not is_known(inputs):
            return provider_pb2.CreateResponse(properties=to_struct(inputs))
        name = f"{name}-{random_suffix(b'', name)}"
        identifier, outputs = self._make(kind, name, inputs)
        if kind == "Endpoint":
            self._wait(identifier, outputs, inputs)
        return provider_pb2.CreateResponse(id=identifier, properties=to_struct(outputs))

    def Update(self, request: Any, context: Any) -> Any:
        kind = split_urn(request.urn)[0].rpartition(":")[2]
        olds, news = to_python(request.olds), to_python(request.news)
        outputs = {**olds, **news, INPUTS: news}
        if not request.preview and kind in MADE_AGAIN:
            outputs = {**olds, **self._make(kind, olds[NAME], news)[1]}
        elif not request.preview and kind in CHANGED:
            service, operation, words = CHANGED[kind]
            self._call(service, operation, news, words)
        if not request.preview and kind == "Endpoint":
            self._wait(request.id, outputs, news)
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    def Delete(self, request: Any, context: Any) -> Any:
        kind = split_urn(request.urn)[0].rpartition(":")[2]
        outputs = to_python(request.properties)
        made = f"{outputs[NAME]}-0a1b2c3"  # as moto_aws.py names what has no name of its own
        outputs = {"name": made, "id": request.id, "account": ACCOUNT, **outputs}
        outputs |= {"names": [outputs["name"]], "dashboardNames": [outputs.get("dashboardName")]}
        if kind == "Bucket":
            _delete_bucket(outputs["bucket"], outputs.get("forceDestroy", False))
        elif kind in DELETED:
            service, operation, words = DELETED[kind]
            given = {parameter: outputs[output] for parameter, output in words.items()}
            self._aws.api(service, operation, {}, **given)
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:
        return provider_pb2.InvokeResponse(**{"return": to_struct(ANSWERS[request.tok])})

    def _make(self, kind: str, name: str, inputs: Values) -> tuple[str, Values]:
        given = {key: _file(value) for key, value in deepcopy(inputs).items()}
        identifier, outputs = getattr(self._aws, f"make_{kind}")(name, given)
        return identifier, {**inputs, **outputs, NAME: name, INPUTS: inputs}

    def _call(self, service: str, operation: str, inputs: Values, words: dict[str, str]) -> None:
        """The operation, with those inputs that it takes."""
        model = self._aws.client(service).meta.service_model.operation_model(operation)
        own = {key: words.get(key, key[:1].upper() + key[1:]) for key in inputs}
        taken = {key: inputs[key] for key in inputs if own[key] in model.input_shape.members}
        self._aws.api(service, operation, taken, words)

    def _wait(self, name: str, outputs: Values, inputs: Values) -> None:
        """Until the endpoint serves, or has failed."""
        sagemaker = self._aws.client("sagemaker")
        while True:
            found = sagemaker.describe_endpoint(EndpointName=name)
            if found["EndpointStatus"] == "Failed":
                reason = f"unexpected state 'Failed'. last error: {found['FailureReason']}"
                raise PartlyMadeError(name, outputs, inputs, reason)
            if found["EndpointStatus"] == "InService":
                return
            time.sleep(0.5)


def _delete_bucket(name: str, even_full: bool) -> None:
    bucket, tries = boto3.resource("s3").Bucket(name), 10
    while tries:
        tries -= 1
        if even_full:
            bucket.object_versions.delete()
        try:
            return bucket.delete()
        except ClientError:  # a last line of an access log
            if not even_full or not tries:
                raise
    return None


def _file(value: Any) -> Any:
    return SimpleNamespace(path=value["path"]) if is_asset(value) else value


def _plain(value: Any) -> Any:
    """Files by their hashes, as the engine compares them; nothing as nothing."""
    return value["hash"] if is_asset(value) else value or None


if __name__ == "__main__":
    serve(Moto())
