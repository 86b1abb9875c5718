"""A Lambda function of the gateway's archive: its log, its role, and itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.function_code import ARCHITECTURE, PYTHON, FunctionCode
from infra.place import Place
from infra.policies import Statement, allow, attach, encrypt, trust, use_key, write_logs
from infra.settings import Settings
from infra.uses import Uses


@dataclass(frozen=True)
class Gateway:
    """What all functions of the gateway have: an archive, an environment, and what they use."""

    settings: Settings
    place: Place
    code: FunctionCode
    environment: Mapping[str, pulumi.Input[str]]
    uses: Uses


def make_function(
    name: str,
    *,
    gateway: Gateway,
    handler: str,
    memory: int,
    timeout: int,
    reserved: int,
    rights: Sequence[Statement],
    parent: pulumi.Resource,
) -> aws.lambda_.Function:
    """It may translate, count, do what else `rights` say, write its own log, and send traces.

    `memory` is in MB, `timeout` in seconds; `reserved` are its instances, 0 for none reserved.
    """
    settings, code = gateway.settings, gateway.code
    child = pulumi.ResourceOptions(parent=parent)
    logs = aws.cloudwatch.LogGroup(
        name,
        name=f"/aws/lambda/{name}",
        retention_in_days=settings.log_retention_days,
        kms_key_id=settings.kms_key or None,
        opts=child,
    )
    role = aws.iam.Role(
        name, assume_role_policy=trust("lambda.amazonaws.com", gateway.place.account), opts=child
    )
    trace = allow("Trace", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], ["*"])
    key = [*use_key(settings.kms_key), *encrypt(settings.kms_key)]
    allowed = [*gateway.uses.rights, *rights, write_logs(logs.arn), trace, *key]
    policy = attach(name, role, allowed, parent)
    return aws.lambda_.Function(
        name,
        name=name,
        role=role.arn,
        runtime=f"python{PYTHON}",
        architectures=[ARCHITECTURE],
        handler=handler,
        code=pulumi.FileArchive(str(code.path)),
        source_code_hash=code.sha256,
        memory_size=memory,
        timeout=timeout,
        reserved_concurrent_executions=reserved or None,
        environment=aws.lambda_.FunctionEnvironmentArgs(variables=gateway.environment),
        kms_key_arn=settings.kms_key or None,
        tracing_config=aws.lambda_.FunctionTracingConfigArgs(mode="Active"),
        logging_config=aws.lambda_.FunctionLoggingConfigArgs(
            log_format="Text", log_group=logs.name
        ),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[policy]),
    )
