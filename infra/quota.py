"""What the account lets all its serverless endpoints do at once, read before anything is made."""

import pulumi
from botocore.exceptions import BotoCoreError, ClientError

from infra import clients
from infra.errors import SettingsError
from infra.settings import Settings

CODE = "L-96300102"  # total concurrency of the serverless endpoints of a region
NEW_ACCOUNT = 10  # what an account begins with


def check_quota(settings: Settings) -> None:
    """Raises SettingsError for models that ask for more together than the account has.

    Who may not read the quota (servicequotas:GetServiceQuota) is told what a new account has.
    """
    asked = sum(model.max_concurrency for model in settings.models if not model.instances)
    if not asked:
        return
    try:
        client = clients.connect("service-quotas", settings.region)
        found = client.get_service_quota(ServiceCode="sagemaker", QuotaCode=CODE)
    except (BotoCoreError, ClientError) as error:
        _say_unread(asked, error)
        return
    quota = int(found["Quota"]["Value"])
    if asked > quota:
        raise SettingsError(
            f"maxConcurrency of all models together is {asked}, but the account has {quota} in"
            f" {settings.region}. Lower it, or ask AWS for more with `aws service-quotas"
            f" request-service-quota-increase --service-code sagemaker --quota-code {CODE}"
            f" --desired-value {asked} --region {settings.region}`."
        )
    if settings.blue_green and 2 * asked > quota:
        pulumi.log.warn(
            f"blueGreen runs old and new endpoints side by side: an update of all models asks for"
            f" {2 * asked} at once, and the account has {quota}; what does not fit fails to start,"
            " and the old endpoint serves on"
        )


def _say_unread(asked: int, error: Exception) -> None:
    if asked > NEW_ACCOUNT:
        reason = type(error).__name__
        if isinstance(error, ClientError):
            reason = error.response["Error"]["Code"]
        pulumi.log.info(
            f"the account's quota of serverless concurrency cannot be read ({reason}; it takes"
            f" servicequotas:GetServiceQuota): a new account has {NEW_ACCOUNT}, and the models ask"
            f" for {asked}"
        )
