"""How much a model's endpoint can do at once, serverless or on machines, and how that grows."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.model_settings import ModelSettings

VARIANT = "AllTraffic"  # an endpoint has one variant; SageMaker's own name for it
USED = 0.7  # of the servers kept warm; more are kept once as much is in use


@dataclass(frozen=True)
class Scaling:
    """What Application Auto Scaling counts, and the measure that it holds near `target`."""

    dimension: str
    measure: str
    target: float
    minimum: int
    maximum: int


def scaling_of(model: ModelSettings) -> Scaling:
    """Nothing scales from 0, nor where `minimum` and `maximum` are the same machines."""
    if machines := model.instances:
        return Scaling(
            "sagemaker:variant:DesiredInstanceCount",
            "SageMakerVariantInvocationsPerInstance",
            machines.invocations,
            machines.minimum,
            machines.maximum,
        )
    return Scaling(
        "sagemaker:variant:DesiredProvisionedConcurrency",
        "SageMakerVariantProvisionedConcurrencyUtilization",
        USED,
        model.provisioned_concurrency,
        model.max_concurrency,
    )


def is_scaled(model: ModelSettings) -> bool:
    """Whether there is anything to scale between."""
    scaling = scaling_of(model)
    fixed = model.instances and scaling.minimum == scaling.maximum
    return bool(scaling.minimum) and not fixed


def variant(
    model: ModelSettings, model_name: pulumi.Input[str]
) -> aws.sagemaker.EndpointConfigurationProductionVariantArgs:
    """SageMaker spreads two machines and more over the region's zones by itself."""
    if machines := model.instances:
        return aws.sagemaker.EndpointConfigurationProductionVariantArgs(
            variant_name=VARIANT,
            model_name=model_name,
            instance_type=machines.type,
            initial_instance_count=machines.minimum,
            initial_variant_weight=1,
        )
    serverless = aws.sagemaker.EndpointConfigurationProductionVariantServerlessConfigArgs(
        memory_size_in_mb=model.memory,
        max_concurrency=model.max_concurrency,
        provisioned_concurrency=model.provisioned_concurrency or None,
    )
    return aws.sagemaker.EndpointConfigurationProductionVariantArgs(
        variant_name=VARIANT, model_name=model_name, serverless_config=serverless
    )


def scale(
    name: str, endpoint_name: pulumi.Input[str], model: ModelSettings, parent: pulumi.Resource
) -> None:
    """Let Application Auto Scaling decide how many there are, unless there is nothing to decide."""
    if not is_scaled(model):
        return
    scaling = scaling_of(model)
    # A new endpoint has a target of its own; the old one's goes with the old endpoint.
    child = pulumi.ResourceOptions(parent=parent, delete_before_replace=False)
    target = aws.appautoscaling.Target(
        name,
        service_namespace="sagemaker",
        resource_id=pulumi.Output.concat("endpoint/", endpoint_name, "/variant/", VARIANT),
        scalable_dimension=scaling.dimension,
        min_capacity=scaling.minimum,
        max_capacity=scaling.maximum,
        opts=child,
    )
    measured = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs(  # noqa: E501
        predefined_metric_type=scaling.measure
    )
    tracking = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
        predefined_metric_specification=measured, target_value=scaling.target
    )
    aws.appautoscaling.Policy(
        name,
        name=name,
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        target_tracking_scaling_policy_configuration=tracking,
        opts=child,
    )
