"""The gateway function: role, log, code, environment."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

import pulumi
import pulumi_aws as aws

from infra.counts import ACTIONS
from infra.endpoint import TranslationEndpoint
from infra.function_code import ARCHITECTURE, HANDLER, PYTHON, FunctionCode
from infra.glossaries import Glossaries
from infra.place import Place
from infra.policies import allow, attach, trust, use_key, write_logs
from infra.settings import Settings
from infra.timeouts import FUNCTION_TIMEOUT

DRAIN = FUNCTION_TIMEOUT  # seconds for which a function that was told to ask another may ask on


class GatewayFunction(pulumi.ComponentResource):
    """`function` may invoke exactly the endpoints given, count in the table given, keep
    glossaries below a prefix of a bucket, write its own log, and send traces.

    What it has begun to ask of an endpoint that another one replaces, it may ask to the end.
    """

    def __init__(
        self,
        name: str,
        *,
        settings: Settings,
        place: Place,
        code: FunctionCode,
        environment: Mapping[str, pulumi.Input[str]],
        endpoints: Collection[TranslationEndpoint],
        counts: aws.dynamodb.Table | None,
        glossaries: Glossaries,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("serverless-translation:index:GatewayFunction", name, None, opts)
        self._name, self._settings = name, settings
        self._child = pulumi.ResourceOptions(parent=self)
        logs = aws.cloudwatch.LogGroup(
            name,
            name=f"/aws/lambda/{name}",
            retention_in_days=settings.log_retention_days,
            kms_key_id=settings.kms_key or None,
            opts=self._child,
        )
        arns = [arn for endpoint in endpoints for arn in endpoint.arns]
        role, policy = self._make_role(place, logs, arns, counts, glossaries)
        self.function = aws.lambda_.Function(
            name,
            name=name,
            role=role.arn,
            runtime=f"python{PYTHON}",
            architectures=[ARCHITECTURE],
            handler=HANDLER,
            code=pulumi.FileArchive(str(code.path)),
            source_code_hash=code.sha256,
            memory_size=settings.function_memory,
            timeout=FUNCTION_TIMEOUT,
            reserved_concurrent_executions=settings.reserved_concurrency or None,
            environment=aws.lambda_.FunctionEnvironmentArgs(variables=environment),
            kms_key_arn=settings.kms_key or None,
            tracing_config=aws.lambda_.FunctionTracingConfigArgs(mode="Active"),
            logging_config=aws.lambda_.FunctionLoggingConfigArgs(
                log_format="Text", log_group=logs.name
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        replaced = [endpoint.replaces for endpoint in endpoints]
        self.drained: pulumi.Output[bool] = pulumi.Output.all(self.function.arn, *replaced).apply(
            lambda all_: _drain(all_[1:])
        )
        self.register_outputs({"name": self.function.name})

    def _make_role(
        self,
        place: Place,
        logs: aws.cloudwatch.LogGroup,
        endpoint_arns: Sequence[pulumi.Input[str]],
        counts: aws.dynamodb.Table | None,
        glossaries: Glossaries,
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        role = aws.iam.Role(
            self._name,
            assume_role_policy=trust("lambda.amazonaws.com", place.account),
            opts=self._child,
        )
        allowed = [
            allow("Translate", ["sagemaker:InvokeEndpoint"], endpoint_arns),
            *([allow("Count", ACTIONS, [counts.arn])] if counts else []),
            *glossaries.rights(self._settings.kms_key),
            write_logs(logs.arn),
            allow("Trace", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], ["*"]),
            *use_key(self._settings.kms_key),
        ]
        return role, attach(self._name, role, allowed, self)


async def _drain(replaced: Sequence[bool]) -> bool:
    """Wait, before Pulumi deletes endpoints, for as long as an old function may ask them."""
    needed = any(replaced) and not pulumi.runtime.is_dry_run()
    if needed:
        await asyncio.sleep(DRAIN)
    return needed
