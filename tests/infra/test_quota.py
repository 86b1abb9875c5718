"""What the account has no room for is refused before anything is made."""

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from infra.errors import SettingsError
from tests.infra.program import run
from tests.infra.recorded import Recorded, ServingWell

EN_DE = {"folder": "models/en_de", "memory": 1024}
DENIED = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "x"}}, "x")


class Account(Recorded):
    """One with this quota, or whose answer is this error."""

    def __init__(self, quota):
        super().__init__()
        self.quota = quota

    def connect(self, service, region):
        return Quotas(self.quota) if service == "service-quotas" else ServingWell()


class Quotas:
    def __init__(self, quota):
        self.quota = quota

    def get_service_quota(self, ServiceCode, QuotaCode):
        assert (ServiceCode, QuotaCode) == ("sagemaker", "L-96300102")
        if isinstance(self.quota, Exception):
            raise self.quota
        return {"Quota": {"Value": float(self.quota)}}


def models(*most):
    pairs = zip(("en_de", "de_en", "en_pt"), most, strict=False)
    return [{"folder": f"models/{pair}", "maxConcurrency": n} for pair, n in pairs]


def test_a_new_account_has_room_for_ten_together():
    assert run(Account(10), models=models(5, 5)).all("Endpoint")
    account = Account(10)
    with pytest.raises(SettingsError) as raised:
        run(account, models=models(5, 5, 1))
    assert str(raised.value) == (
        "maxConcurrency of all models together is 11, but the account has 10 in eu-west-1. Lower"
        " it, or ask AWS for more with `aws service-quotas request-service-quota-increase"
        " --service-code sagemaker --quota-code L-96300102 --desired-value 11 --region eu-west-1`."
    )


def test_machines_count_for_nothing():
    machine = {"folder": "models/en_pt", "instance": "ml.c7i.large"}
    assert run(Account(10), models=[*models(5, 5), machine]).all("Endpoint")
    assert run(Account(DENIED), models=[machine]).all("Endpoint")


@pytest.mark.parametrize(
    ("error", "reason"),
    [(DENIED, "AccessDeniedException"), (NoCredentialsError(), "NoCredentialsError")],
)
def test_who_may_not_read_it_is_told_and_goes_on(error, reason, monkeypatch):
    said = []
    monkeypatch.setattr("pulumi.log.info", said.append)
    assert run(Account(error), models=models(5, 5)).all("Endpoint")
    assert not said
    assert run(Account(error), models=models(5, 6)).all("Endpoint")
    assert said == [
        f"the account's quota of serverless concurrency cannot be read ({reason}; it takes"
        " servicequotas:GetServiceQuota): a new account has 10, and the models ask for 11"
    ]


def test_blue_green_needs_room_for_the_old_and_the_new():
    assert not run(Account(20), models=models(5, 5), blueGreen=True).warnings
    (warning,) = run(Account(19), models=models(5, 5), blueGreen=True).warnings
    assert "an update of all models asks for 20 at once, and the account has 19" in warning
