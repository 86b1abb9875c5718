"""The public HTTP API: every request goes to one function, and its outcome into the access log."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from gateway import cors
from infra.settings import Settings
from infra.timeouts import API_TIMEOUT

# No address, no query, no header: the log tells what was answered, not who asked for what.
ACCESS_LOG = {
    "error": "$context.error.message",
    "integrationError": "$context.integrationErrorMessage",
    "latency": "$context.responseLatency",
    "method": "$context.httpMethod",
    "path": "$context.path",
    "requestId": "$context.requestId",
    "responseLength": "$context.responseLength",
    "status": "$context.status",
    "time": "$context.requestTime",
}


class HttpApi(pulumi.ComponentResource):
    """`url` is the API's address, without a slash at its end; `log_group` names its access log."""

    def __init__(
        self,
        name: str,
        *,
        settings: Settings,
        function: aws.lambda_.Function,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("serverless-translation:index:HttpApi", name, None, opts)
        self._name = name
        self._child = pulumi.ResourceOptions(parent=self)
        self.api = aws.apigatewayv2.Api(
            name,
            name=name,
            protocol_type="HTTP",
            cors_configuration=_cors(settings.cors_origins) if settings.cors_origins else None,
            opts=self._child,
        )
        self._connect(function)
        self.stage = self._publish(settings)
        self.url = self.api.api_endpoint
        self.register_outputs({"url": self.url})

    def _connect(self, function: aws.lambda_.Function) -> None:
        integration = aws.apigatewayv2.Integration(
            self._name,
            api_id=self.api.id,
            integration_type="AWS_PROXY",
            integration_method="POST",
            integration_uri=function.invoke_arn,
            payload_format_version="2.0",
            timeout_milliseconds=1000 * API_TIMEOUT,
            opts=self._child,
        )
        aws.apigatewayv2.Route(
            self._name,
            api_id=self.api.id,
            route_key="$default",  # the gateway answers for every method and path
            authorization_type="NONE",  # and checks keys, which some dialects put into the body
            target=pulumi.Output.concat("integrations/", integration.id),
            opts=self._child,
        )
        aws.lambda_.Permission(
            self._name,
            statement_id="AllowHttpApi",
            action="lambda:InvokeFunction",
            function=function.name,
            principal="apigateway.amazonaws.com",
            source_arn=pulumi.Output.concat(self.api.execution_arn, "/*/*"),
            opts=self._child,
        )

    def _publish(self, settings: Settings) -> aws.apigatewayv2.Stage:
        logs = aws.cloudwatch.LogGroup(
            f"{self._name}-access",
            name=f"/aws/vendedlogs/{self._name}-access",  # this prefix spares a resource policy
            retention_in_days=settings.log_retention_days,
            kms_key_id=settings.kms_key or None,
            opts=self._child,
        )
        self.log_group = logs.name
        return aws.apigatewayv2.Stage(
            self._name,
            name="$default",
            api_id=self.api.id,
            auto_deploy=True,
            access_log_settings=aws.apigatewayv2.StageAccessLogSettingsArgs(
                destination_arn=logs.arn, format=json.dumps(ACCESS_LOG, sort_keys=True)
            ),
            default_route_settings=aws.apigatewayv2.StageDefaultRouteSettingsArgs(
                throttling_rate_limit=settings.throttling_rate,
                throttling_burst_limit=settings.throttling_burst,
            ),
            opts=self._child,
        )


def _cors(origins: Sequence[str]) -> aws.apigatewayv2.ApiCorsConfigurationArgs:
    return aws.apigatewayv2.ApiCorsConfigurationArgs(
        allow_origins=sorted(origins),
        allow_methods=sorted(cors.METHODS),
        allow_headers=sorted(name.lower() for name in cors.REQUEST_HEADERS),
        expose_headers=sorted(name.lower() for name in cors.ANSWER_HEADERS),
        max_age=cors.MAX_AGE,
    )
