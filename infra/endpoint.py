"""One language pair on SageMaker: role, log, model, configuration, endpoint."""

import pulumi
import pulumi_aws as aws

from infra.container import model_container
from infra.image import Image
from infra.live_endpoint import DIMENSION, LiveEndpoint
from infra.model_role import make_model_role
from infra.model_settings import ModelSettings
from infra.place import Place
from infra.settings import Settings
from infra.store import StoredModel

VARIANT = "AllTraffic"  # serverless endpoints have one variant; SageMaker's own name for it
USED = 0.7  # of the servers kept warm; more are kept once as much is in use
# An endpoint takes ten minutes and more to be made; an update makes it anew beside the old one.
TIMEOUTS = pulumi.CustomTimeouts(create="30m", update="40m", delete="15m")


class TranslationEndpoint(pulumi.ComponentResource):
    """A serverless endpoint under a stable name, `endpoint_name`.

    Model and configuration are named anew with every change, so that SageMaker switches the
    endpoint from the old to the new ones, which are deleted only then, and never if the endpoint
    does not serve the new ones: `endpoint_name` is known once it does.
    """

    def __init__(
        self,
        name: str,
        *,
        settings: Settings,
        place: Place,
        model: ModelSettings,
        stored: StoredModel,
        image: Image,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("serverless-translation:index:TranslationEndpoint", name, None, opts)
        self._name, self._model, self._namespace = name, model, settings.name
        self._child = pulumi.ResourceOptions(parent=self)
        log_group = f"/aws/sagemaker/Endpoints/{name}"  # SageMaker's rule
        logs = aws.cloudwatch.LogGroup(
            name,
            name=log_group,
            retention_in_days=settings.log_retention_days,
            kms_key_id=settings.kms_key or None,
            opts=self._child,
        )
        role_arn, policy = make_model_role(
            name,
            place=place,
            model=stored,
            repository_arn=image.repository_arn,
            log_group=log_group,
            kms_key=settings.kms_key,
            parent=self,
        )
        configuration = self._configure(self._make_model(stored, image, role_arn, policy))
        live = LiveEndpoint(name, region=settings.region, variant=VARIANT)
        asked: pulumi.Output[str] = configuration.name.apply(
            lambda made: live.prepare(made, keep_warm=bool(model.provisioned_concurrency))
        )
        endpoint = aws.sagemaker.Endpoint(
            name,
            name=name,
            endpoint_config_name=asked,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[logs],
                custom_timeouts=TIMEOUTS,
                delete_before_replace=True,  # its name is fixed
                replacement_trigger=live.replacement_trigger(),
            ),
        )
        self.endpoint_name: pulumi.Output[str] = endpoint.name.apply(
            lambda made: live.verify(made, model.canary)
        )
        if model.provisioned_concurrency:
            self._scale()
        self.register_outputs({"endpoint_name": self.endpoint_name})

    def _make_model(
        self,
        stored: StoredModel,
        image: Image,
        role_arn: pulumi.Input[str],
        policy: aws.iam.RolePolicy,
    ) -> aws.sagemaker.Model:
        return aws.sagemaker.Model(
            self._name,
            execution_role_arn=role_arn,
            primary_container=model_container(self._model, stored, image, self._namespace),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )

    def _configure(self, model: aws.sagemaker.Model) -> aws.sagemaker.EndpointConfiguration:
        serverless = aws.sagemaker.EndpointConfigurationProductionVariantServerlessConfigArgs(
            memory_size_in_mb=self._model.memory,
            max_concurrency=self._model.max_concurrency,
            provisioned_concurrency=self._model.provisioned_concurrency or None,
        )
        variant = aws.sagemaker.EndpointConfigurationProductionVariantArgs(
            variant_name=VARIANT, model_name=model.name, serverless_config=serverless
        )
        return aws.sagemaker.EndpointConfiguration(
            self._name, production_variants=[variant], opts=self._child
        )

    def _scale(self) -> None:
        target = aws.appautoscaling.Target(
            self._name,
            service_namespace="sagemaker",
            resource_id=pulumi.Output.concat("endpoint/", self.endpoint_name, "/variant/", VARIANT),
            scalable_dimension=DIMENSION,
            min_capacity=self._model.provisioned_concurrency,
            max_capacity=self._model.max_concurrency,
            opts=self._child,
        )
        used = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs(  # noqa: E501
            predefined_metric_type="SageMakerVariantProvisionedConcurrencyUtilization"
        )
        tracking = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
            predefined_metric_specification=used, target_value=USED
        )
        aws.appautoscaling.Policy(
            self._name,
            name=self._name,
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            resource_id=target.resource_id,
            scalable_dimension=target.scalable_dimension,
            target_tracking_scaling_policy_configuration=tracking,
            opts=self._child,
        )
