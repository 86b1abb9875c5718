"""IAM documents: what is allowed, to whom, on what, and nothing by wildcard."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

Statement = dict[str, Any]
Condition = Mapping[str, Mapping[str, Any]]


def document(*statements: Statement) -> pulumi.Output[str]:
    """The statements as JSON, the same text for the same statements."""
    return as_json({"Version": "2012-10-17", "Statement": list(statements)})


def as_json(value: Any) -> pulumi.Output[str]:
    """JSON with sorted keys, of a value that may hold outputs."""
    return pulumi.Output.json_dumps(value, sort_keys=True)


def allow(
    sid: str,
    actions: Sequence[str],
    resources: Sequence[pulumi.Input[str]],
    condition: Condition | None = None,
) -> Statement:
    """One statement of a role's policy."""
    statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": list(resources),
    }
    return {**statement, "Condition": condition} if condition else statement


def attach(
    name: str, role: aws.iam.Role, statements: Sequence[Statement], parent: pulumi.Resource
) -> aws.iam.RolePolicy:
    """Give the statements to a role.

    Other statements are another policy: what the old one allows ends with the update, once nobody
    uses it any more.
    """
    return aws.iam.RolePolicy(
        name,
        role=role.name,
        policy=document(*statements),
        opts=pulumi.ResourceOptions(parent=parent, replace_on_changes=["policy"]),
    )


def trust(service: str, account: pulumi.Input[str]) -> pulumi.Output[str]:
    """Lets the service take the role, on behalf of this account only."""
    return document(
        {
            "Sid": "AssumeFromOwnAccount",
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": account}},
        }
    )


def write_logs(*groups: pulumi.Input[str]) -> Statement:
    """Lets a role write to log groups that exist; `groups` are ARNs without a trailing `:*`."""
    streams = [pulumi.Output.concat(group, ":*") for group in groups]
    return allow("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], streams)


def use_key(kms_key: str) -> list[Statement]:
    """Lets a role decrypt with the stack's key, if there is one."""
    return [allow("Decrypt", ["kms:Decrypt"], [kms_key])] if kms_key else []


def encrypt(kms_key: str) -> list[Statement]:
    """Lets a role encrypt with the stack's key, if there is one."""
    return [allow("Encrypt", ["kms:GenerateDataKey"], [kms_key])] if kms_key else []


def deny_plain_http(actions: str, resources: Sequence[pulumi.Input[str]]) -> Statement:
    """One statement of a resource's own policy: TLS or nothing."""
    return {
        "Sid": "DenyPlainHttp",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": actions,
        "Resource": list(resources),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
