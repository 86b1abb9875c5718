"""How the program itself asks AWS, beside the provider."""

from typing import Any

import boto3


def connect(service: str, region: str) -> Any:
    """A client of AWS, with the credentials that the AWS provider finds too."""
    return boto3.Session().client(service, region_name=region)
