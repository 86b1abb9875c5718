"""One language pair on SageMaker: role, log, model, configuration, endpoint."""

import pulumi
import pulumi_aws as aws

from infra.capacity import VARIANT, is_scaled, scale, scaling_of, variant
from infra.container import model_container
from infra.image import Image
from infra.live_endpoint import LiveEndpoint
from infra.model_role import make_model_role
from infra.model_settings import ModelSettings
from infra.naming import Naming
from infra.place import Place
from infra.settings import Settings
from infra.store import StoredModel

LOGS = "/aws/sagemaker/Endpoints"  # below it SageMaker writes to a group of the endpoint's name
# An endpoint takes ten minutes and more to be made; an update makes it anew beside the old one.
TIMEOUTS = pulumi.CustomTimeouts(create="30m", update="40m", delete="15m")


class TranslationEndpoint(pulumi.ComponentResource):
    """An endpoint, `endpoint_name`, that SageMaker runs serverless or on machines.

    Model and configuration are named anew with every change. SageMaker switches the endpoint from
    the old to the new ones; or, with blueGreen, and where it cannot, a new endpoint has another
    name, and whoever asks it switches. The old ones are deleted last, and never if the endpoint
    does not serve the new ones: `endpoint_name` is known once it does. `arns` are patterns of its
    ARN, and `replaces` says whether another one has served the pair till now.
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
        self._child = pulumi.ResourceOptions(parent=self, delete_before_replace=False)
        naming = Naming(name, settings.blue_green, bool(model.instances))
        self.arns = [place.arn("sagemaker", f"endpoint/{each}") for each in naming.patterns]
        role_arn, policy = make_model_role(
            name,
            place=place,
            model=stored,
            repository_arn=image.repository_arn,
            log_group=f"{LOGS}/{naming.pattern}",
            kms_key=settings.kms_key,
            parent=self,
        )
        configuration = self._configure(self._make_model(stored, image, role_arn, policy))
        asked_name: pulumi.Input[str] = naming.fixed or configuration.name
        logs = aws.cloudwatch.LogGroup(
            name,
            name=pulumi.Output.concat(f"{LOGS}/", asked_name),
            retention_in_days=settings.log_retention_days,
            kms_key_id=settings.kms_key or None,
            opts=self._child,
        )
        live = LiveEndpoint(
            naming,
            region=settings.region,
            variant=VARIANT,
            dimension=scaling_of(model).dimension,
        )
        asked: pulumi.Output[str] = configuration.name.apply(
            lambda made: live.prepare(made, keep_scaling=is_scaled(model))
        )
        own = pulumi.ResourceOptions(parent=self, depends_on=[logs], custom_timeouts=TIMEOUTS)
        endpoint = aws.sagemaker.Endpoint(
            name,
            name=asked_name,
            endpoint_config_name=asked,
            opts=pulumi.ResourceOptions.merge(own, live.replacement()),
        )
        self.endpoint_name: pulumi.Output[str] = endpoint.name.apply(
            lambda made: live.verify(made, model.canary)
        )
        self.replaces = self.endpoint_name.apply(lambda _: live.replaces)
        scale(name, self.endpoint_name, model, self)
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
            enable_network_isolation=bool(self._model.instances) or None,  # serverless knows none
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )

    def _configure(self, model: aws.sagemaker.Model) -> aws.sagemaker.EndpointConfiguration:
        return aws.sagemaker.EndpointConfiguration(
            self._name,
            production_variants=[variant(self._model, model.name)],
            opts=pulumi.ResourceOptions(parent=self),
        )
