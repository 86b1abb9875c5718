"""The container of a model, the same for its endpoint and for its batch jobs."""

import pulumi_aws as aws

from infra.image import Image
from infra.model_settings import ModelSettings
from infra.store import StoredModel

NAMESPACE = "SERVING_METRICS_NAMESPACE"


def model_container(
    model: ModelSettings, stored: StoredModel, image: Image, namespace: str = ""
) -> aws.sagemaker.ModelPrimaryContainerArgs:
    """The image, the archive that SageMaker unpacks for it, and what its environment says.

    `namespace` is that of its metrics in CloudWatch; empty for none.
    """
    own = {NAMESPACE: namespace} if namespace else {}
    return aws.sagemaker.ModelPrimaryContainerArgs(
        image=image.uri,
        model_data_url=stored.url,
        environment=dict(sorted({**own, **model.environment}.items())),
    )
