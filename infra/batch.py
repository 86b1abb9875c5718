"""A language pair for SageMaker Batch Transform: the endpoint's image and archive, another role."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.container import model_container
from infra.image import Image
from infra.model_role import make_model_role
from infra.model_settings import ModelSettings
from infra.place import Place
from infra.policies import Statement, allow
from infra.settings import Settings
from infra.store import StoredModel

LOG_GROUP = "/aws/sagemaker/TransformJobs"  # SageMaker's: one group for an account's jobs
INPUT, OUTPUT = "batch/in/", "batch/out/"  # below these prefixes of the bucket jobs may work


class BatchTransform(pulumi.ComponentResource):
    """`model_name` is what a transform job names; it reads INPUT and writes OUTPUT."""

    def __init__(
        self,
        name: str,
        *,
        settings: Settings,
        place: Place,
        model: ModelSettings,
        stored: StoredModel,
        image: Image,
        bucket_arn: pulumi.Input[str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("serverless-translation:index:BatchTransform", name, None, opts)
        role_arn, policy = make_model_role(
            name,
            place=place,
            model=stored,
            repository_arn=image.repository_arn,
            log_group=LOG_GROUP,
            kms_key=settings.kms_key,
            statements=_work_in(bucket_arn, settings.kms_key),
            parent=self,
        )
        self.model_name = aws.sagemaker.Model(
            name,
            execution_role_arn=role_arn,
            primary_container=model_container(model, stored, image),
            enable_network_isolation=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        ).name
        self.register_outputs({"model_name": self.model_name})


def _work_in(bucket_arn: pulumi.Input[str], kms_key: str) -> list[Statement]:
    """Lets a job read INPUT and write OUTPUT."""
    reading = pulumi.Output.concat(bucket_arn, f"/{INPUT}*")
    writing = pulumi.Output.concat(bucket_arn, f"/{OUTPUT}*")
    below = {"StringLike": {"s3:prefix": [f"{INPUT}*", f"{OUTPUT}*"]}}
    encrypt = [allow("Encrypt", ["kms:GenerateDataKey"], [kms_key])] if kms_key else []
    return [
        allow("ReadTexts", ["s3:GetObject"], [reading]),
        allow("WriteTranslations", ["s3:AbortMultipartUpload", "s3:PutObject"], [writing]),
        allow("ListTexts", ["s3:ListBucket"], [bucket_arn], below),
        *encrypt,
    ]


def describe_batch(
    settings: Settings, bucket: pulumi.Input[str], jobs: Mapping[str, BatchTransform]
) -> dict[str, pulumi.Input[Any]]:
    """What `translate.py batch` has to know to start a job."""
    return {
        "models": {pair: job.model_name for pair, job in jobs.items()},
        "instanceType": settings.batch_instance_type,
        "instanceCount": settings.batch_instance_count,
        "input": pulumi.Output.concat("s3://", bucket, "/", INPUT),
        "output": pulumi.Output.concat("s3://", bucket, "/", OUTPUT),
        "kmsKey": settings.kms_key,
        "region": settings.region,
    }
