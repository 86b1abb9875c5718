"""`python -m image.push TAG REPOSITORY`: push to Amazon ECR and print repository@digest.

The login token comes from boto3 (`ecr:GetAuthorizationToken`), so no AWS CLI is needed.
"""

import argparse
import base64
import re
import sys
from collections.abc import Sequence
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from image import builder
from image.errors import ImageError

_ECR = re.compile(r"\d{12}\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/[a-z0-9._/-]+")


def main(arguments: Sequence[str] | None = None) -> int:
    """Push; 0 when all is well, 1 with one sentence on stderr when not."""
    parser = argparse.ArgumentParser(prog="python -m image.push", description=__doc__)
    parser.add_argument("tag", help="the local image, serverless-translation:0.1.0")
    parser.add_argument("repository", help="ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME")
    options = parser.parse_args(arguments)
    try:
        client = boto3.client("ecr", region_name=region(options.repository))
        print(push(options.tag, options.repository, credentials(client), builder.find()))
    except (ImageError, BotoCoreError, ClientError) as error:
        print(f"image: {error}", file=sys.stderr)
        return 1
    return 0


def region(repository: str) -> str:
    """The region in an ECR repository's name."""
    match = _ECR.fullmatch(repository)
    if match is None:
        raise ImageError(
            f"{repository!r} is not an ECR repository."
            " Write ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME, without a tag."
        )
    return match["region"]


def credentials(client: Any) -> tuple[str, str]:
    """User and password of the account's registry, good for 12 hours."""
    token = client.get_authorization_token()["authorizationData"][0]["authorizationToken"]
    user, _, password = base64.b64decode(token).decode().partition(":")
    return user, password


def push(tag: str, repository: str, login: tuple[str, str], chosen: builder.Builder) -> str:
    """Push under the tag's version; returns `repository@digest`, which SageMaker takes."""
    chosen.login(repository.partition("/")[0], *login)
    version = tag.rpartition(":")[2] if ":" in tag else "latest"
    return f"{repository}@{chosen.push(tag, f'{repository}:{version}')}"


if __name__ == "__main__":
    sys.exit(main())
