"""What the tests of the cloud share: no account, no credentials, deployments made once."""

from collections.abc import Iterator
from unittest.mock import Mock

import pytest

from infra import errors
from tests.infra.program import Deployment, run
from tests.infra.recorded import Recorded


@pytest.fixture(autouse=True, scope="session")
def no_account() -> Iterator[None]:
    """Whatever reaches for AWS finds false credentials, a region, and nobody else's settings."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.delenv("AWS_PROFILE", raising=False)
        patch.setattr(errors, "atexit", Mock())  # the tests go on where a program would end
        yield


@pytest.fixture(scope="session")
def dev() -> Deployment:
    return run(Recorded(), "dev")


@pytest.fixture(scope="session")
def prod() -> Deployment:
    return run(Recorded(), "prod")


@pytest.fixture(scope="session")
def everything() -> Deployment:
    """Every optional part at once."""
    return run(Recorded(), **EVERYTHING)


KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
EVERYTHING = {
    "models": [
        {
            "folder": "models/en_de",
            "memory": 4096,
            "maxConcurrency": 8,
            "provisionedConcurrency": 2,
            "environment": {"SERVING_TIMEOUT": "20"},
        },
        {"archive": "s3://our-models/fr/model.tar.gz", "pair": "en_fr"},
        {
            "folder": "models/de_en",
            "instance": "ml.c7i.large",
            "instances": {"minimum": 2, "maximum": 4},
        },
    ],
    "apiKeys": ["web", "app"],
    "pivot": "en",
    "corsOrigins": ["https://b.example.com", "https://a.example.com"],
    "rateLimit": 60,
    "dailyCharacters": 100_000,
    "keyLimits": {"app": {"rateLimit": 600}},
    "countsBackup": True,
    "reservedConcurrency": 10,
    "logRetentionDays": 365,
    "alarmEmail": "team@example.com",
    "monthlyBudget": 50,
    "kmsKey": KEY,
    "domainName": "translate.example.com",
    "certificateArn": CERTIFICATE,
    "hostedZoneId": "Z0123456789",
    "tags": {"team": "localisation"},
    "protect": True,
    "documents": True,
    "batch": True,
}
