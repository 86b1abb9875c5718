"""The way through the cloud, on the loopback interface: HTTP API, function, boto3, endpoint."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest import mock

from gateway import lambda_entry
from tests.doubles.lambda_events import Handler
from tests.doubles.sagemaker_runtime import SageMakerRuntime

ENDPOINTS = {
    pair: f"translate-{pair.replace('_', '-')}" for pair in ("en_pt", "pt_en", "de_en", "en_de")
}


def aws_environment(runtime: SageMakerRuntime) -> dict[str, str]:
    """What makes the real boto3 talk to the double, and to nothing else."""
    return {
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": runtime.url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
    }


@contextmanager
def function(runtime: SageMakerRuntime, **settings: str) -> Iterator[Handler]:
    """A fresh instance of the function, with the environment the stack gives it."""
    environment: Mapping[str, str] = {
        **aws_environment(runtime),
        "GATEWAY_AUTH": "none",
        "GATEWAY_ENDPOINTS": json.dumps(ENDPOINTS),
        "GATEWAY_DEMONSTRATIONS": "de_en,en_de",
        **settings,
    }
    with mock.patch.dict("os.environ", environment):
        lambda_entry._make_handler.cache_clear()
        yield lambda_entry.handler
    lambda_entry._make_handler.cache_clear()
