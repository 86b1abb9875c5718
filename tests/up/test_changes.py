"""What a team does to a stack that serves: every change is safe, or is refused beforehand."""

import signal
import time

import pytest

from tests.infra.conftest import KEY
from tests.infra.program import PROJECT
from tests.infra.recorded import ACCOUNT, REGION
from tests.up.test_rights import is_unused
from tests.up.workplace import EN_DE

STACK = "changing"
ENDPOINT = f"{PROJECT}-{STACK}-en-de"
WARM = {**EN_DE, "provisionedConcurrency": 1}


def configure(checkout, **changed):
    checkout.configure(STACK, **{"models": [EN_DE], "apiKeys": ["website"], **changed})


@pytest.fixture(scope="module")
def checkout(desk):
    one = desk.checkout("changing")
    configure(one)
    one.run("stack", "init", STACK)
    one.run("up", "--yes", "--skip-preview", "--stack", STACK)
    yield one
    configure(one, protect=False)  # which a failed test may have left
    one.up(STACK)
    one.pulumi("destroy", "--yes", "--skip-preview", "--stack", STACK)


@pytest.fixture
def up(checkout):
    def run(*args):
        said = checkout.up(STACK, *args)
        assert said.code == 0, said.text
        return said

    return run


@pytest.fixture
def harmless(cloud):
    before = len(cloud.events)
    yield
    assert not [event for event in cloud.events[before:] if event.serving]


def test_an_interrupted_update_is_taken_up_again(checkout, cloud, harmless):
    cloud.seconds = 30
    before = len(cloud.events)
    checkout.change_model(note="interrupted")
    process = checkout.start("up", "--yes", "--skip-preview", "--stack", STACK)
    while "UpdateEndpoint" not in [event.action for event in cloud.events[before:]]:
        assert process.poll() is None
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    assert checkout.finish(process).code != 0
    said = checkout.up(STACK)
    cloud.seconds = 0
    endpoint = cloud.endpoint(ENDPOINT)
    assert said.code == 0, said.text
    assert endpoint["EndpointStatus"] == "InService"
    checkout.run("preview", "--refresh", "--diff", "--expect-no-changes", "--stack", STACK)


def test_a_killed_pulumi_is_followed_by_cancel_and_up(checkout, cloud, harmless):
    cloud.seconds = 20
    before = len(cloud.events)
    checkout.change_model(note="killed")
    process = checkout.start("up", "--yes", "--skip-preview", "--stack", STACK)
    while "UpdateEndpoint" not in [event.action for event in cloud.events[before:]]:
        assert process.poll() is None
        time.sleep(0.2)
    process.kill()
    checkout.finish(process)
    refused = checkout.up(STACK)
    assert refused.code != 0
    assert "pulumi cancel" in refused.text
    checkout.run("cancel", "--yes", "--stack", STACK)
    said = checkout.up(STACK)
    cloud.seconds = 0
    assert said.code == 0, said.text
    assert cloud.endpoint(ENDPOINT)["EndpointStatus"] == "InService"
    checkout.run("preview", "--refresh", "--diff", "--expect-no-changes", "--stack", STACK)


def test_the_older_code_can_be_deployed_again(checkout, up, harmless):
    path = checkout.folder / "serving" / "__init__.py"
    was = path.read_text("utf-8")
    path.write_text(was + "# changed\n")
    first = checkout.outputs(STACK)["image"]
    up()
    assert checkout.outputs(STACK)["image"] != first
    path.write_text(was)
    up()
    assert checkout.outputs(STACK)["image"] == first


def test_the_older_model_can_be_deployed_again_and_its_archive_is_kept(
    checkout, cloud, up, harmless
):
    def archives():
        found = cloud.client("s3").list_object_versions(Bucket=checkout.outputs(STACK)["bucket"])
        return {version["Key"] for version in found.get("Versions", [])}

    def unused():
        bucket = checkout.outputs(STACK)["bucket"]
        return {key for key in archives() if is_unused(cloud, bucket, key)}

    path = checkout.folder / "models" / "en_de" / "model.json"
    was, before, let_go = path.read_text("utf-8"), archives(), unused()
    checkout.change_model(note="back")
    up()
    (new,), (old,) = archives() - before, unused() - let_go
    path.write_text(was)
    up()
    assert unused() == {*let_go, new}
    assert old not in unused()
    checkout.run("preview", "--diff", "--expect-no-changes", "--stack", STACK)


def test_more_memory_and_concurrency_switch_the_endpoint(checkout, cloud, up, harmless):
    was = cloud.endpoint(ENDPOINT)["EndpointConfigName"]
    configure(checkout, models=[{**EN_DE, "memory": 2048, "maxConcurrency": 3}])
    up()
    name = cloud.endpoint(ENDPOINT)["EndpointConfigName"]
    assert name != was
    found = cloud.client("sagemaker").describe_endpoint_config(EndpointConfigName=name)
    size = found["ProductionVariants"][0]["ServerlessConfig"]
    assert (size["MemorySizeInMB"], size["MaxConcurrency"]) == (2048, 3)


def test_servers_kept_warm_and_no_longer(checkout, cloud, up, harmless):
    configure(checkout, models=[WARM])
    up()
    scaling = cloud.client("application-autoscaling")
    assert scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    before = len(cloud.events)
    configure(checkout)
    up()
    updates = [event for event in cloud.events[before:] if event.action == "UpdateEndpoint"]
    assert [event.scaled for event in updates] == [False]
    assert not scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    checkout.run("preview", "--diff", "--expect-no-changes", "--stack", STACK)


def test_a_pair_as_target_changes_nothing_else(checkout, cloud, up, harmless):
    configure(checkout, models=[{**EN_DE, "memory": 3072}], functionMemory=1024)
    kind = "serverless-translation:index:TranslationEndpoint"
    up("--target", f"urn:pulumi:{STACK}::{PROJECT}::{kind}**::{ENDPOINT}")
    name = cloud.endpoint(ENDPOINT)["EndpointConfigName"]
    found = cloud.client("sagemaker").describe_endpoint_config(EndpointConfigName=name)
    assert found["ProductionVariants"][0]["ServerlessConfig"]["MemorySizeInMB"] == 3072
    function = cloud.client("lambda").get_function(FunctionName=f"{PROJECT}-{STACK}")
    assert function["Configuration"]["MemorySize"] == 512
    up()
    function = cloud.client("lambda").get_function(FunctionName=f"{PROJECT}-{STACK}")
    assert function["Configuration"]["MemorySize"] == 1024


def test_a_key_of_kms_does_not_empty_the_repository(checkout, cloud, up):
    digest = checkout.outputs(STACK)["image"].partition("@")[2]
    before = len(cloud.calls)
    for kms_key in (KEY, ""):
        configure(checkout, kmsKey=kms_key)
        up()
    calls = cloud.calls[before:]
    assert not {"ecr:CreateRepository", "ecr:DeleteRepository"} & set(calls)
    images = cloud.client("ecr").list_images(repositoryName=f"{PROJECT}-{STACK}")["imageIds"]
    assert digest in [image["imageDigest"] for image in images]


def test_a_leaked_key_can_be_revoked_in_one_up_though_protected(checkout, cloud, up):
    configure(checkout, apiKeys=["website", "app"])
    up()
    keys = checkout.outputs(STACK)["apiKeys"]
    configure(checkout, apiKeys=["website", "app"], protect=True)
    up()
    configure(checkout, apiKeys=["website"], protect=True)
    up()
    assert set(checkout.outputs(STACK)["apiKeys"]) == {"website"}
    configure(checkout, apiKeys=["website", "app"], protect=True)
    up()
    again = checkout.outputs(STACK)["apiKeys"]
    assert again["website"] == keys["website"]
    assert again["app"] != keys["app"]


def test_a_lost_state_comes_back_from_its_export(checkout, cloud, tmp_path):
    before, file = len(cloud.events), tmp_path / "exported.json"
    keys = checkout.outputs(STACK)["apiKeys"]
    checkout.run("stack", "export", "--file", str(file), "--stack", STACK)
    checkout.run("stack", "rm", "--yes", "--force", "--preserve-config", "--stack", STACK)
    checkout.run("stack", "init", STACK)
    checkout.run("stack", "import", "--file", str(file), "--stack", STACK)
    checkout.run("preview", "--refresh", "--diff", "--expect-no-changes", "--stack", STACK)
    assert checkout.outputs(STACK)["apiKeys"] == keys
    assert cloud.events[before:] == []


def test_an_image_of_ones_own_is_switched_to_and_its_successor_too(checkout, cloud, up, harmless):
    """The stack's own repository goes with the image that it no longer builds."""
    ecr = cloud.client("ecr")
    ecr.create_repository(repositoryName="ci/translation")
    configure(checkout)
    up()
    for digit in "12":
        image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/ci/translation@sha256:{digit * 64}"
        configure(checkout, image=image)
        up()
        configuration = cloud.endpoint(ENDPOINT)["EndpointConfigName"]
        sagemaker = cloud.client("sagemaker")
        found = sagemaker.describe_endpoint_config(EndpointConfigName=configuration)
        model = sagemaker.describe_model(ModelName=found["ProductionVariants"][0]["ModelName"])
        assert model["PrimaryContainer"]["Image"] == image == checkout.outputs(STACK)["image"]
    names = [found["repositoryName"] for found in ecr.describe_repositories()["repositories"]]
    assert f"{PROJECT}-{STACK}" not in names
    checkout.run("preview", "--diff", "--expect-no-changes", "--stack", STACK)
