"""The role that a model's container runs under: its archive, its image, its log, nothing else."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from infra.place import Place
from infra.policies import Statement, allow, attach, trust, use_key
from infra.store import StoredModel


def make_model_role(
    name: str,
    *,
    place: Place,
    model: StoredModel,
    repository_arn: pulumi.Input[str],
    log_group: str,
    kms_key: str,
    statements: Sequence[Statement] = (),
    parent: pulumi.Resource,
) -> tuple[pulumi.Output[str], aws.iam.RolePolicy]:
    """The role's ARN, and its policy, which SageMaker checks when a model is made.

    `log_group` is the name of the group that SageMaker writes to.
    """
    child = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        name, assume_role_policy=trust("sagemaker.amazonaws.com", place.account), opts=child
    )
    allowed = [
        *_read_archive(model),
        *_pull_image(repository_arn),
        *_observe(place.arn("logs", f"log-group:{log_group}")),
        *use_key(kms_key),
        *statements,
    ]
    return role.arn, attach(name, role, allowed, parent)


def _read_archive(model: StoredModel) -> list[Statement]:
    below = {"StringLike": {"s3:prefix": [model.prefix]}}
    objects = pulumi.Output.concat(model.bucket_arn, "/", model.prefix)
    return [
        allow("ReadArchive", ["s3:GetObject"], [objects]),
        allow("ListArchives", ["s3:ListBucket"], [model.bucket_arn], below),
    ]


def _pull_image(repository_arn: pulumi.Input[str]) -> list[Statement]:
    pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    return [
        allow("PullImage", pull, [repository_arn]),
        allow("LogInToRegistry", ["ecr:GetAuthorizationToken"], ["*"]),
    ]


def _observe(log_group_arn: pulumi.Input[str]) -> list[Statement]:
    # CreateLogGroup is asked for before every first line, though the group is there.
    write = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]  # fmt: skip # noqa: E501
    streams = pulumi.Output.concat(log_group_arn, ":*")
    namespace = {"StringEquals": {"cloudwatch:namespace": "/aws/sagemaker/Endpoints"}}
    return [
        allow("WriteLogs", write, [log_group_arn, streams]),
        allow("PutMetrics", ["cloudwatch:PutMetricData"], ["*"], namespace),
    ]
