"""The container of a model, the same for its endpoint and for its batch jobs."""

import pulumi_aws as aws

from infra.image import Image
from infra.model_settings import ModelSettings
from infra.store import StoredModel


def model_container(
    model: ModelSettings, stored: StoredModel, image: Image
) -> aws.sagemaker.ModelPrimaryContainerArgs:
    """The image, the archive that SageMaker unpacks for it, and what its environment says."""
    return aws.sagemaker.ModelPrimaryContainerArgs(
        image=image.uri, model_data_url=stored.url, environment=model.environment
    )
