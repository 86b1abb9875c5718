"""The plainest AWS: every resource gets the outputs that the program reads, nothing is checked."""

import hashlib
import io
from types import SimpleNamespace
from typing import Any

import pulumi

from tests.infra.canaries import answer

ACCOUNT, REGION = "123456789012", "eu-west-1"
DIGEST = "sha256:" + hashlib.sha256(b"image").hexdigest()


class Recorded(pulumi.runtime.Mocks):
    """`digest` is what a build of the image gives."""

    def __init__(self, digest: str = DIGEST) -> None:
        self.digest = digest

    def new_resource(self, args: Any) -> tuple[str, dict[str, Any]]:
        kind, name = args.typ.split(":")[-1], args.name
        registry = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
        computed: dict[str, dict[str, Any]] = {
            "Bucket": {"bucket": f"{name}-0a1b2c3", "arn": f"arn:aws:s3:::{name}-0a1b2c3"},
            "Repository": {"repositoryUrl": f"{registry}/{name}", "registryId": ACCOUNT},
            "Image": {"digest": self.digest},
            "RandomBytes": {"hex": hashlib.sha256(name.encode()).hexdigest(), "base64": "eA=="},
            "Queue": {"url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"},
            "Function": {"invokeArn": f"arn:aws:apigateway:{REGION}:lambda:path/{name}"},
            "Api": {
                "apiEndpoint": f"https://abc.execute-api.{REGION}.amazonaws.com",
                "executionArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abc",
            },
            "DomainName": {
                "domainNameConfiguration": {
                    **args.inputs.get("domainNameConfiguration", {}),
                    "targetDomainName": f"d-abc.execute-api.{REGION}.amazonaws.com",
                    "hostedZoneId": "ZLY8HYME6SFDD",
                }
            },
        }
        outputs = {"name": f"{name}-0a1b2c3", **args.inputs, **computed.get(kind, {})}
        outputs.setdefault("arn", _arn(args.typ, outputs["name"]))
        return f"{name}-id", outputs

    def call(self, args: Any) -> dict[str, Any]:
        return ANSWERS[args.token]

    def connect(self, service: str, region: str) -> Any:
        """What the program itself asks AWS with."""
        return ServingWell()


class ServingWell:
    """An AWS in which every endpoint serves what it was asked to, and nothing else is there."""

    def describe_endpoint(self, EndpointName: str) -> dict[str, Any]:
        base = EndpointName.removesuffix("-instance").removesuffix("-0a1b2c3")
        return {"EndpointStatus": "InService", "EndpointConfigName": f"{base}-0a1b2c3"}

    def describe_scalable_targets(self, **_: Any) -> dict[str, Any]:
        return {"ScalableTargets": []}

    def get_service_quota(self, **_: Any) -> dict[str, Any]:
        return {"Quota": {"Value": 200.0}}

    def get_paginator(self, operation: str) -> Any:
        return SimpleNamespace(paginate=lambda **_: iter(()))

    def invoke_endpoint(self, Body: bytes, **_: Any) -> dict[str, Any]:
        return {"Body": io.BytesIO(answer(Body).encode())}


def _arn(kind: str, name: str) -> str:
    module, _, last = kind.removeprefix("aws:").partition("/")
    if module == "iam":
        return f"arn:aws:iam::{ACCOUNT}:role/{name}"
    resource = {
        "endpoint:Endpoint": f"endpoint/{name}",
        "function:Function": f"function:{name}",
        "logGroup:LogGroup": f"log-group:{name}",
        "repository:Repository": f"repository/{name}",
        "table:Table": f"table/{name}",
    }.get(last, name)
    service = "logs" if last == "logGroup:LogGroup" else module
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


class FirstPreview(Recorded):
    """Nothing is there yet: every output that is not an input is unknown."""

    def new_resource(self, args: Any) -> tuple[str, dict[str, Any]]:
        return "", dict(args.inputs)


ANSWERS: dict[str, dict[str, Any]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {
        "accountId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:user/x",
        "userId": "x",
        "id": ACCOUNT,
    },
    "aws:index/getPartition:getPartition": {
        "partition": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
        "id": "aws",
    },
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": {
        "userName": "AWS",
        "password": "token",
        "proxyEndpoint": f"https://{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com",
        "authorizationToken": "QVdTOnRva2Vu",
        "expiresAt": "2030-01-01T00:00:00Z",
        "id": REGION,
    },
}
