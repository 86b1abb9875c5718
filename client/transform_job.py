"""One SageMaker batch transform job: its request, its name, its state."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from client.aws import aws_failures
from client.errors import ServiceFailed, UsageError
from client.pair import Pair
from client.s3_folder import S3Folder, S3Object

# The longest SageMaker waits for one payload.
_SECONDS_A_PAYLOAD = 3600


@dataclass(frozen=True)
class Plan:
    """What a job does. The same plan over the same objects is the same job."""

    pair: Pair
    model: str
    instance_type: str
    instance_count: int
    source: S3Folder
    output: S3Folder
    payload_mb: int
    concurrent: int
    """Payloads under way on an instance; 0: the container says what fits the machine."""

    def request(self) -> dict[str, Any]:
        """`CreateTransformJob`'s parameters but the name."""
        return {
            "ModelName": self.model,
            "BatchStrategy": "MultiRecord",
            "MaxPayloadInMB": self.payload_mb,
            "MaxConcurrentTransforms": self.concurrent,
            "ModelClientConfig": {
                "InvocationsTimeoutInSeconds": _SECONDS_A_PAYLOAD,
                "InvocationsMaxRetries": 3,
            },
            # The pair too: nobody says whether a job's variables replace those of the model.
            "Environment": {**container_settings(self.payload_mb), "SERVING_PAIR": str(self.pair)},
            "TransformInput": {
                "DataSource": {
                    "S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": self.source.uri}
                },
                "ContentType": "text/plain",
                "SplitType": "Line",
            },
            "TransformOutput": {
                "S3OutputPath": self.output.uri,
                "Accept": "text/plain",
                "AssembleWith": "Line",
            },
            "TransformResources": {
                "InstanceType": self.instance_type,
                "InstanceCount": self.instance_count,
            },
        }

    def stem(self, objects: list[S3Object]) -> str:
        """The name without its number, short of the 63 allowed; the same for the same work."""
        work = [self.request(), [[item.name, item.size, item.etag] for item in objects]]
        digest = hashlib.sha256(json.dumps(work, sort_keys=True).encode()).hexdigest()
        return f"translate-{self.pair.source}-{self.pair.target}-{digest[:16]}"


def container_settings(payload_mb: int) -> dict[str, str]:
    """The container's environment in a job: its limits are for people who wait for an answer.

    A payload is megabytes of lines and takes minutes; no byte is more than one
    character or token.
    """
    maximum = str(payload_mb * 2**20)
    return {
        "SERVING_MAX_BODY": maximum,
        "SERVING_MAX_CHARACTERS": maximum,
        "SERVING_MAX_TOKENS": maximum,
        "SERVING_TIMEOUT": str(_SECONDS_A_PAYLOAD),
    }


class TransformJobs:
    """The jobs of one piece of work, numbered: SageMaker never gives a name a second time."""

    def __init__(self, client: Any, stem: str) -> None:
        self._client, self._stem = client, stem

    def latest(self) -> dict[str, Any] | None:
        """Its description, or None where there was no job yet."""
        name = self._name(self._count())
        return self.describe(name) if self._count() else None

    def create(self, plan: Plan) -> dict[str, Any]:
        name = self._name(self._count() + 1)
        with aws_failures():
            self._client.create_transform_job(TransformJobName=name, **plan.request())
        return self.describe(name)

    def describe(self, name: str) -> dict[str, Any]:
        with aws_failures():
            job: dict[str, Any] = self._client.describe_transform_job(TransformJobName=name)
        return job

    def _name(self, number: int) -> str:
        return f"{self._stem}-{number}"

    def _count(self) -> int:
        pages = self._client.get_paginator("list_transform_jobs")
        with aws_failures():
            return sum(
                len(page["TransformJobSummaries"])
                for page in pages.paginate(NameContains=self._stem)
            )


def check_finished(job: dict[str, Any]) -> None:
    """Raises `ServiceFailed` with SageMaker's reason for a job that did not complete."""
    name, status = job["TransformJobName"], job["TransformJobStatus"]
    if status == "Failed":
        raise ServiceFailed(f"Job {name} failed: {job.get('FailureReason') or 'no reason given'}")
    if status != "Completed":
        raise ServiceFailed(f"Job {name} is {status.lower()}. Run the command again to start anew.")


def plan_from_stack(
    batch: dict[str, Any], pair: Pair, source: S3Folder, output: S3Folder, **limits: int
) -> Plan:
    """From the stack's output ``batch``. Raises `UsageError` for a pair it does not have."""
    models: dict[str, str] = batch.get("models", {})
    if str(pair) not in models:
        served = ", ".join(sorted(models)) or "none"
        raise UsageError(f"The stack has no model for {pair}. It has {served}.")
    return Plan(
        pair,
        models[str(pair)],
        batch["instanceType"],
        int(batch["instanceCount"]),
        source,
        output,
        **limits,
    )
