"""What tells a team how its service does: dashboard, alarms, a budget."""

from typing import Any

import pulumi
import pulumi_aws as aws

from infra.dashboard import THROTTLED, Watched, endpoint_dimensions, make_dashboard
from infra.place import Place
from infra.policies import as_json, document
from infra.settings import Settings

PERIOD = 300  # seconds
ERROR_PERCENT, SLOW_MILLISECONDS, MANY_THROTTLED, FULL_PERCENT = 5, 10_000, 10, 90
# Of the whole account, since a budget cannot look into a single stack without activated tags.
BUDGET_SERVICES = ["AWS Lambda", "Amazon API Gateway", "Amazon SageMaker"]


class Monitoring(pulumi.ComponentResource):
    """`dashboard`, `topic` and `alarms` are names; alarms go to the topic, and on to `email`."""

    def __init__(
        self,
        name: str,
        *,
        settings: Settings,
        place: Place,
        watched: Watched,
        access_log: pulumi.Input[str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("serverless-translation:index:Monitoring", name, None, opts)
        self._name, self._watched = name, watched
        self._child = pulumi.ResourceOptions(parent=self)
        self._count_throttled(access_log)
        self.dashboard = aws.cloudwatch.Dashboard(
            name,
            dashboard_name=name,
            dashboard_body=as_json(make_dashboard(watched)),
            opts=self._child,
        ).dashboard_name
        topic = self._make_topic(place, settings.alarm_email, settings.kms_key)
        self.topic = topic.arn
        self.alarms = pulumi.Output.all(
            *(alarm.name for alarm in [*self._watch_api(), *self._watch_memory()])
        )
        if settings.monthly_budget:
            self._set_budget(settings)
        self.register_outputs({"dashboard": self.dashboard})

    def _count_throttled(self, access_log: pulumi.Input[str]) -> None:
        count = aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
            name=THROTTLED, namespace=self._watched.namespace, value="1", default_value="0"
        )
        aws.cloudwatch.LogMetricFilter(
            self._name,
            name=f"{self._name}-throttled",
            log_group_name=access_log,
            pattern='{ $.status = "429" }',
            metric_transformation=count,
            opts=self._child,
        )

    def _make_topic(self, place: Place, email: str, kms_key: str) -> aws.sns.Topic:
        topic = aws.sns.Topic(
            self._name,
            name=f"{self._name}-alarms",
            kms_master_key_id=kms_key or None,
            opts=self._child,
        )
        publish = {
            "Sid": "PublishAlarms",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic.arn,
            "Condition": {
                "StringEquals": {"aws:SourceAccount": place.account},
                "ArnLike": {"aws:SourceArn": place.arn("cloudwatch", f"alarm:{self._name}-*")},
            },
        }
        aws.sns.TopicPolicy(self._name, arn=topic.arn, policy=document(publish), opts=self._child)
        if email:
            aws.sns.TopicSubscription(
                self._name, topic=topic.arn, protocol="email", endpoint=email, opts=self._child
            )
        return topic

    def _watch_api(self) -> list[aws.cloudwatch.MetricAlarm]:
        api = {"ApiId": self._watched.api_id}
        failed = [
            aws.cloudwatch.MetricAlarmMetricQueryArgs(
                id="rate",
                expression="IF(count > 0, 100 * failed / count, 0)",
                label="failed requests in percent",
                return_data=True,
            ),
            self._query("failed", "5xx", api),
            self._query("count", "Count", api),
        ]
        return [
            self._alarm("errors", ERROR_PERCENT, "Requests fail", metric_queries=failed),
            self._alarm(
                "latency",
                SLOW_MILLISECONDS,
                "Answers are slow",
                namespace="AWS/ApiGateway",
                metric_name="Latency",
                dimensions=api,
                extended_statistic="p95",
                period=PERIOD,
            ),
            self._alarm(
                "throttles",
                MANY_THROTTLED,
                "Requests are turned away: raise maxConcurrency, throttling or the clients' limits",
                namespace=self._watched.namespace,
                metric_name=THROTTLED,
                statistic="Sum",
                period=PERIOD,
            ),
        ]

    def _watch_memory(self) -> list[aws.cloudwatch.MetricAlarm]:
        return [
            self._alarm(
                f"memory-{pair.replace('_', '-')}",
                FULL_PERCENT,
                f"The model {pair} runs out of memory: raise its memory",
                namespace="/aws/sagemaker/Endpoints",
                metric_name="MemoryUtilization",
                dimensions=endpoint_dimensions(endpoint),
                statistic="Maximum",
                period=PERIOD,
            )
            for pair, endpoint in self._watched.endpoints.items()
        ]

    def _query(
        self, identifier: str, metric: str, dimensions: dict[str, pulumi.Input[str]]
    ) -> aws.cloudwatch.MetricAlarmMetricQueryArgs:
        source = aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace="AWS/ApiGateway",
            metric_name=metric,
            dimensions=dimensions,
            period=PERIOD,
            stat="Sum",
        )
        return aws.cloudwatch.MetricAlarmMetricQueryArgs(id=identifier, metric=source)

    def _alarm(
        self, suffix: str, threshold: int, description: str, **metric: Any
    ) -> aws.cloudwatch.MetricAlarm:
        """Two bad periods of three; no requests are no reason for alarm."""
        return aws.cloudwatch.MetricAlarm(
            f"{self._name}-{suffix}",
            name=f"{self._name}-{suffix}",
            alarm_description=description,
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            evaluation_periods=3,
            datapoints_to_alarm=2,
            treat_missing_data="notBreaching",
            alarm_actions=[self.topic],
            ok_actions=[self.topic],
            opts=self._child,
            **metric,
        )

    def _set_budget(self, settings: Settings) -> None:
        """Warns when SageMaker, Lambda and API Gateway are forecast to cost the account more."""
        services = aws.budgets.BudgetCostFilterArgs(name="Service", values=BUDGET_SERVICES)
        warning = aws.budgets.BudgetNotificationArgs(
            notification_type="FORECASTED",
            comparison_operator="GREATER_THAN",
            threshold=100,
            threshold_type="PERCENTAGE",
            subscriber_email_addresses=[settings.alarm_email],
        )
        aws.budgets.Budget(
            self._name,
            name=self._name,
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(settings.monthly_budget),
            limit_unit="USD",
            cost_filters=[services],
            notifications=[warning],
            opts=self._child,
        )
