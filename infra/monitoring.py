"""What tells a team how its service does: dashboard, alarms, a budget."""

from typing import Any

import pulumi
import pulumi_aws as aws

from infra.dashboard import (
    COUNTS_FAILED,
    QUEUED,
    THROTTLED,
    Watched,
    endpoint_dimensions,
    make_dashboard,
)
from infra.place import Place
from infra.policies import as_json, document
from infra.settings import Settings

PERIOD = 300  # seconds
ERROR_PERCENT, SLOW_MILLISECONDS, MANY_THROTTLED, FULL_PERCENT = 5, 10_000, 10, 90
LONG_QUEUE = 5  # seconds, p95
COLD_PERCENT = 60  # a caller that asks again after a cold start causes one refusal in two answers
FAILED, COLD = "Failed", "Cold"
# What the access log tells, by metric. 504 is the planned answer of a model that starts.
COUNTED = {
    THROTTLED: '{ $.status = "429" }',
    FAILED: '{ $.status = "5*" && $.status != "504" }',
    COLD: '{ $.status = "504" }',
}
# Percent of the budget, spent and foreseen.
BUDGET_WARNINGS = {"ACTUAL": (80, 100), "FORECASTED": (100,)}
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
        for metric, pattern in COUNTED.items():
            self._count(metric, pattern, access_log)
        self.dashboard = aws.cloudwatch.Dashboard(
            name,
            dashboard_name=name,
            dashboard_body=as_json(make_dashboard(watched)),
            opts=self._child,
        ).dashboard_name
        topic = self._make_topic(place, settings.alarm_email, settings.kms_key)
        self.topic = topic.arn
        self.alarms = pulumi.Output.all(
            *(
                alarm.name
                for alarm in [
                    *self._watch_api(),
                    *self._watch_queues(),
                    *self._watch_memory(),
                    *self._watch_documents(),
                ]
            )
        )
        if settings.monthly_budget:
            self._set_budget(settings)
        self.register_outputs({"dashboard": self.dashboard})

    def _count(self, metric: str, pattern: str, access_log: pulumi.Input[str]) -> None:
        count = aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
            name=metric, namespace=self._watched.answers, value="1", default_value="0"
        )
        # Stacks of before have one under this name; another would delete it after making it.
        name = self._name if metric == THROTTLED else f"{self._name}-{metric.lower()}"
        aws.cloudwatch.LogMetricFilter(
            name,
            name=f"{self._name}-{metric.lower()}",
            log_group_name=access_log,
            pattern=pattern,
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
        return [
            self._alarm(
                "errors",
                ERROR_PERCENT,
                "Requests fail. See the function's log.",
                metric_queries=self._percent(FAILED, "failed requests in percent"),
            ),
            self._alarm(
                "cold",
                COLD_PERCENT,
                "A model does not start, or starts again and again. See its log, or keep it warm"
                " with provisionedConcurrency.",
                datapoints_to_alarm=3,
                metric_queries=self._percent(COLD, "answers of starting models in percent"),
            ),
            self._alarm(
                "latency",
                SLOW_MILLISECONDS,
                "Answers are slow. See the dashboard: long texts, cold starts, or too few CPUs.",
                namespace="AWS/ApiGateway",
                metric_name="Latency",
                dimensions=api,
                extended_statistic="p95",
            ),
            self._alarm(
                "throttles",
                MANY_THROTTLED,
                "Requests are turned away. Raise maxConcurrency, throttling or the clients'"
                " limits.",
                namespace=self._watched.answers,
                metric_name=THROTTLED,
                statistic="Sum",
            ),
            self._alarm(
                "counts",
                0,
                "The table of counts cannot be used, so that the keys' limits hold for each"
                " instance alone. See the function's log.",
                namespace=self._watched.namespace,
                metric_name=COUNTS_FAILED,
                statistic="Sum",
            ),
        ]

    def _watch_queues(self) -> list[aws.cloudwatch.MetricAlarm]:
        return [
            self._alarm(
                f"queue-{pair.replace('_', '-')}",
                LONG_QUEUE,
                f"Requests wait for the model {pair}. Raise its memory, or send less at once.",
                namespace=self._watched.namespace,
                metric_name="QueueSeconds",
                dimensions={"Pair": pair},
                extended_statistic="p95",
            )
            for pair in self._watched.endpoints
        ]

    def _watch_memory(self) -> list[aws.cloudwatch.MetricAlarm]:
        return [
            self._alarm(
                f"memory-{pair.replace('_', '-')}",
                FULL_PERCENT,
                f"The model {pair} runs out of memory. Raise its memory.",
                namespace="/aws/sagemaker/Endpoints",
                metric_name="MemoryUtilization",
                dimensions=endpoint_dimensions(endpoint),
                statistic="Maximum",
            )
            for pair, endpoint in self._watched.endpoints.items()
        ]

    def _watch_documents(self) -> list[aws.cloudwatch.MetricAlarm]:
        if self._watched.documents is None:
            return []
        failed = self._alarm(
            "documents",
            0,
            "Documents could not be translated. See the log of their worker.",
            namespace="AWS/SQS",
            metric_name=QUEUED,
            dimensions={"QueueName": self._watched.documents.failed.name},
            statistic="Maximum",
        )
        return [failed]

    def _percent(self, metric: str, label: str) -> list[aws.cloudwatch.MetricAlarmMetricQueryArgs]:
        """Of all requests, those that `metric` counts."""
        return [
            aws.cloudwatch.MetricAlarmMetricQueryArgs(
                id="rate",
                expression="IF(count > 0, 100 * counted / count, 0)",
                label=label,
                return_data=True,
            ),
            _sum("counted", self._watched.answers, metric),
            _sum("count", "AWS/ApiGateway", "Count", {"ApiId": self._watched.api_id}),
        ]

    def _alarm(
        self,
        suffix: str,
        threshold: int,
        description: str,
        datapoints_to_alarm: int = 2,
        **metric: Any,
    ) -> aws.cloudwatch.MetricAlarm:
        """So many bad periods of three; no requests are no reason for alarm."""
        if "metric_name" in metric:
            metric["period"] = PERIOD
        return aws.cloudwatch.MetricAlarm(
            f"{self._name}-{suffix}",
            name=f"{self._name}-{suffix}",
            alarm_description=description,
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            evaluation_periods=3,
            datapoints_to_alarm=datapoints_to_alarm,
            treat_missing_data="notBreaching",
            alarm_actions=[self.topic],
            ok_actions=[self.topic],
            opts=self._child,
            **metric,
        )

    def _set_budget(self, settings: Settings) -> None:
        """Warns of what SageMaker, Lambda and API Gateway cost the account, and will cost it."""
        services = aws.budgets.BudgetCostFilterArgs(name="Service", values=BUDGET_SERVICES)
        warnings = [
            aws.budgets.BudgetNotificationArgs(
                notification_type=kind,
                comparison_operator="GREATER_THAN",
                threshold=percent,
                threshold_type="PERCENTAGE",
                subscriber_email_addresses=[settings.alarm_email],
            )
            for kind, percents in BUDGET_WARNINGS.items()
            for percent in percents
        ]
        aws.budgets.Budget(
            self._name,
            name=self._name,
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(settings.monthly_budget),
            limit_unit="USD",
            cost_filters=[services],
            notifications=warnings,
            opts=self._child,
        )


def _sum(
    identifier: str,
    namespace: str,
    metric: str,
    dimensions: dict[str, pulumi.Input[str]] | None = None,
) -> aws.cloudwatch.MetricAlarmMetricQueryArgs:
    source = aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
        namespace=namespace, metric_name=metric, dimensions=dimensions, period=PERIOD, stat="Sum"
    )
    return aws.cloudwatch.MetricAlarmMetricQueryArgs(id=identifier, metric=source)
