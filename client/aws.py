"""boto3, imported only by those who call AWS, and its errors in our words."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from client.errors import Busy, Failure, Refused, Unreachable, UsageError, from_status
from client.program import WITH_BOTO3

_LATER = {
    *("ModelNotReadyException", "ThrottlingException", "Throttling", "TooManyRequestsException"),
    *("ServiceUnavailable", "InternalDependencyException", "InternalFailure"),
}


def make_client(service: str, **config: Any) -> Any:
    """A boto3 client with the credentials and the region of the environment."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise UsageError(
            f"The package boto3 is missing. Install it with `{WITH_BOTO3}`."
        ) from error
    with aws_failures():
        # boto3 itself reads AWS_DEFAULT_REGION only; every other AWS tool knows AWS_REGION.
        region = os.environ.get("AWS_REGION") or None
        return boto3.client(service, region_name=region, config=Config(**config))


@contextmanager
def aws_failures() -> Iterator[None]:
    """Turns what boto3 raises into one of `client.errors`."""
    from botocore import exceptions

    try:
        yield
    except exceptions.ClientError as error:
        raise _from_client_error(error) from error
    except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError) as error:
        raise UsageError(
            "No AWS credentials found. Set AWS_PROFILE or sign in with `aws sso login`."
        ) from error
    except exceptions.NoRegionError as error:
        raise UsageError("No AWS region found. Set AWS_REGION, such as eu-central-1.") from error
    except (exceptions.ReadTimeoutError, exceptions.ConnectionClosedError) as error:
        raise Busy(f"AWS did not answer in time: {error}") from error
    except (exceptions.HTTPClientError, exceptions.ConnectionError) as error:
        raise Unreachable(f"AWS cannot be reached: {error}") from error
    except exceptions.BotoCoreError as error:
        sentence = " ".join(str(error).split())
        raise UsageError(f"AWS cannot be called: {sentence}") from error


def _from_client_error(error: Any) -> Failure:
    details = error.response.get("Error", {})
    message = f"AWS says {details.get('Code')}: {details.get('Message')}"
    if details.get("Code") in _LATER:
        return Busy(message)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
    return Refused(message) if status < 500 else from_status(status, message)
