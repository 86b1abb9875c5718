"""The program as a graph: what there is, what waits for what, what is secret and protected."""

import time

import pulumi
import pytest

from gateway.settings import Settings as GatewaySettings
from gateway.settings import table
from tests.infra.conftest import EVERYTHING, KEY
from tests.infra.program import PROJECT, run
from tests.infra.recorded import DIGEST, FirstPreview, Recorded
from tests.running import ROOT

EN_DE, DE_EN = {"folder": "models/en_de"}, {"folder": "models/de_en"}
IMAGE = f"210987654321.dkr.ecr.eu-west-1.amazonaws.com/shared/translation@{DIGEST}"
CONFIGURATIONS = {
    "defaults": {"auth": "keys"},
    "open": {"auth": "none"},
    "two pairs": {"models": [EN_DE, DE_EN]},
    "archive": {"models": [{"archive": "s3://ours/fr/model.tar.gz", "pair": "en_fr"}]},
    "image": {"image": IMAGE},
    "warm": {"models": [{**EN_DE, "provisionedConcurrency": 1}]},
    "encrypted": {"kmsKey": KEY},
    "cors": {"corsOrigins": ["*"]},
    "domain": {k: EVERYTHING[k] for k in ("domainName", "certificateArn")},
    "zone": {k: EVERYTHING[k] for k in ("domainName", "certificateArn", "hostedZoneId")},
    "alarms": {"alarmEmail": "team@example.com", "monthlyBudget": 20},
    "documents": {"documents": True},
    "batch": {"batch": True, "batchInstanceCount": 2},
    "protected": {"protect": True},
    "everything": EVERYTHING,
}


@pytest.fixture(scope="module", params=CONFIGURATIONS, ids=str)
def deployed(request):
    return request.param, run(Recorded(), **CONFIGURATIONS[request.param])


def test_every_resource_is_whole(deployed):
    _, deployment = deployed
    assert len({(r.type, r.name) for r in deployment.resources}) == len(deployment.resources)
    provider = deployment.one("aws")
    for resource in deployment.resources:
        assert resource.name.startswith(f"{PROJECT}-test")
        if resource.type.startswith("aws:"):
            assert resource.provider == f"{provider.urn}::{provider.id}", resource.name
            assert ":index:" in resource.parent, f"{resource.name} has no component for a parent"


def test_everyone_gets_the_same_exports(deployed):
    name, deployment = deployed
    expected = {"url", "apiKeys", "endpoints", "image", "bucket", "dashboard", "alarms"}
    expected |= {"alarmTopic"} | (set() if name == "open" else {"counts"})
    expected |= {"domainTarget"} if name in ("domain", "zone", "everything") else set()
    expected |= {"batch"} if name in ("batch", "everything") else set()
    assert set(deployment.exports) == expected
    assert deployment.secret_exports == ([] if name == "open" else ["apiKeys"])


@pytest.mark.parametrize("stack", ["dev", "prod", "everything"])
def test_a_first_preview_shows_everything_though_outputs_are_unknown(stack, request):
    given = EVERYTHING if stack == "everything" else {}
    preview = run(FirstPreview(), "test" if given else stack, preview=True, **given)
    known = request.getfixturevalue(stack)
    assert {r.urn for r in preview.resources} == {r.urn for r in known.resources}
    model = preview.all("Model")[0].inputs
    assert isinstance(model["executionRoleArn"], pulumi.output.Unknown)
    assert isinstance(model["primaryContainer"]["image"], pulumi.output.Unknown)


def test_dev_is_one_pair_that_scales_to_zero(dev):
    (variant,) = dev.one("EndpointConfiguration").inputs["productionVariants"]
    assert variant["serverlessConfig"] == {"memorySizeInMb": 2048, "maxConcurrency": 5}
    assert dev.exports["endpoints"] == {"en_pt": f"{PROJECT}-dev-en-pt"}
    assert list(dev.exports["apiKeys"]) == ["default"]
    assert not dev.all("Target")


def test_prod_keeps_one_pair_warm_and_is_protected(prod):
    assert set(prod.exports["endpoints"]) == {"en_pt", "pt_en"}
    assert prod.one("Target").inputs["minCapacity"] == 1
    assert prod.one("Budget").inputs["limitAmount"] == "200"
    assert prod.one("TopicSubscription").inputs["endpoint"] == "operations@example.com"
    protected = {r.type.split(":")[-1] for r in prod.resources if r.protect}
    # No key: one that leaked has to be revocable at once.
    assert protected == {"Bucket", "Repository", "Table"}
    assert not any(bucket.inputs["forceDestroy"] for bucket in prod.all("Bucket"))
    assert not prod.one("Repository").inputs["forceDelete"]


def test_destroy_leaves_nothing_of_an_unprotected_stack(dev):
    assert not [r.name for r in dev.resources if r.protect]
    assert all(bucket.inputs["forceDestroy"] for bucket in dev.all("Bucket"))
    assert dev.one("Repository").inputs["forceDelete"]


def test_an_endpoint_is_updated_in_place_and_its_parts_are_replaced(dev):
    endpoint, model = dev.one("Endpoint"), dev.one("Model")
    assert endpoint.inputs["name"] == f"{PROJECT}-dev-en-pt"
    assert endpoint.timeouts == {"create": "30m", "update": "40m", "delete": "15m"}
    # Its name is fixed: one that failed has to go before it can be made anew.
    assert endpoint.delete_before_replace
    # Named by Pulumi, so that the new one is made before the old one goes.
    for part in (model, dev.one("EndpointConfiguration")):
        assert "name" not in part.inputs
        assert not part.delete_before_replace


def test_a_model_on_machines_has_as_many_as_it_needs(everything):
    (variant,) = everything.one("EndpointConfiguration", "-de-en").inputs["productionVariants"]
    assert (variant["instanceType"], variant["initialInstanceCount"]) == ("ml.c7i.large", 2)
    assert "serverlessConfig" not in variant
    assert everything.one("Model", "-de-en").inputs["enableNetworkIsolation"]
    assert "enableNetworkIsolation" not in everything.one("Model", "-en-de").inputs
    target = everything.one("Target", "-de-en").inputs
    assert (target["minCapacity"], target["maxCapacity"]) == (2, 4)
    assert target["scalableDimension"] == "sagemaker:variant:DesiredInstanceCount"
    assert target["resourceId"] == f"endpoint/{PROJECT}-test-de-en-instance/variant/AllTraffic"
    tracking = everything.one("Policy", "-de-en").inputs["targetTrackingScalingPolicyConfiguration"]
    assert tracking == {
        "predefinedMetricSpecification": {
            "predefinedMetricType": "SageMakerVariantInvocationsPerInstance"
        },
        "targetValue": 2000,
    }


def test_as_many_machines_as_ever_need_no_scaling():
    machine = {"folder": "models/en_pt", "instance": "ml.c7i.large", "instances": {"minimum": 2}}
    assert not run(Recorded(), models=[machine]).all("Target")


def test_with_blue_green_an_endpoint_is_named_anew_with_its_configuration():
    deployment = run(Recorded(), blueGreen=True)
    endpoint = deployment.one("Endpoint")
    made = deployment.one("EndpointConfiguration").outputs["name"]
    assert endpoint.inputs["name"] == endpoint.inputs["endpointConfigName"] == made
    assert not endpoint.delete_before_replace
    assert deployment.one("LogGroup", "-en-pt").inputs["name"].endswith(f"/{made}")
    assert deployment.exports["endpoints"] == {"en_pt": made}
    # Named before it is there: seven letters of Pulumi's, and nobody else's endpoint.
    function = deployment.one("RolePolicy", f"{PROJECT}-test").inputs["policy"]
    assert f"endpoint/{PROJECT}-test-en-pt-???????" in function
    assert f"endpoint/{PROJECT}-test-en-pt-???????" not in str(run(Recorded()).all("RolePolicy"))


def test_rights_end_only_once_nobody_uses_them(everything):
    for policy in everything.all("RolePolicy"):
        assert policy.replace_on_changes == ["policy"]
        assert "name" not in policy.inputs and not policy.delete_before_replace
    function = everything.one("RolePolicy", f"{PROJECT}-test")
    endpoints = {r.urn for r in everything.all("Endpoint")}
    # Making an endpoint anew must not take the rights to the others away meanwhile.
    assert not endpoints & waits_for(everything, function)
    assert endpoints <= waits_for(everything, everything.one("Function", f"{PROJECT}-test"))


def test_planned_answers_of_starting_models_are_no_failures(prod):
    patterns = {
        r.inputs["metricTransformation"]["name"]: r.inputs["pattern"]
        for r in prod.all("LogMetricFilter")
    }
    assert patterns["Failed"] == '{ $.status = "5*" && $.status != "504" }'
    assert patterns["Cold"] == '{ $.status = "504" }'
    for suffix, metric, needed in (("errors", "Failed", 2), ("cold", "Cold", 3)):
        alarm = prod.one("MetricAlarm", f"-{suffix}").inputs
        metrics = [q["metric"]["metricName"] for q in alarm["metricQueries"] if "metric" in q]
        assert metrics == [metric, "Count"]
        assert alarm["datapointsToAlarm"] == needed


def test_the_budget_warns_of_what_is_spent_and_foreseen(prod):
    notices = prod.one("Budget").inputs["notifications"]
    assert [(n["notificationType"], n["threshold"]) for n in notices] == [
        ("ACTUAL", 80),
        ("ACTUAL", 100),
        ("FORECASTED", 100),
    ]


def test_archives_outlive_their_models(dev):
    assert dev.one("BucketObjectv2").retain_on_delete


def test_another_key_of_kms_moves_the_archive_and_leaves_the_images(dev):
    encrypted = run(Recorded(), "dev", kmsKey=KEY)
    was, now = dev.one("BucketObjectv2").inputs, encrypted.one("BucketObjectv2").inputs
    assert was["key"] != now["key"] and was["source"].path == now["source"].path
    assert now["key"] == run(Recorded(), "dev", kmsKey=KEY).one("BucketObjectv2").inputs["key"]
    assert encrypted.one("Repository").ignore_changes == ["encryptionConfigurations"]


def waits_for(deployment, resource):
    """URNs of everything that has to be there before, directly or through others."""
    found, open_ = set(), set(resource.dependencies)
    while open_:
        urn = open_.pop()
        if urn not in found:
            found.add(urn)
            if "::pulumi:pulumi:Stack::" not in urn:
                open_ |= set(deployment.by_urn(urn).dependencies)
    return found


def test_nothing_is_made_before_what_it_needs(everything):
    one = everything.one
    endpoint = waits_for(everything, one("Endpoint", "-en-de"))
    for needed in (
        one("LogGroup", "-en-de"),
        one("BucketObjectv2", "-en-de"),
        one("Image"),
        one("RolePolicy", "test-en-de"),
    ):
        assert needed.urn in endpoint, needed.name
    function = one("Function", f"{PROJECT}-test")
    assert one("RolePolicy", f"{PROJECT}-test").urn in waits_for(everything, function)
    archive = waits_for(everything, one("BucketObjectv2", "-en-de"))
    models = f"{PROJECT}-test-models"
    assert one("BucketServerSideEncryptionConfiguration", models).urn in archive
    assert one("BucketPolicy", models).urn in archive
    for logging in everything.all("BucketLogging"):
        assert one("BucketPolicy", "-logs").urn in waits_for(everything, logging)
    fed = waits_for(everything, one("EventSourceMapping"))
    assert one("RolePolicy", f"{PROJECT}-test-documents").urn in fed


def test_only_the_owner_sees_keys_and_the_function_only_hashes(dev):
    (key,) = dev.exports["apiKeys"].values()
    assert key.startswith("default.")
    assert len(key.removeprefix("default.")) == 64
    function = dev.one("Function")
    assert "environment" in function.secrets
    secret = key.partition(".")[2]
    for resource in dev.resources:
        if not resource.type.startswith("random:"):
            assert secret not in str(resource.inputs), resource.name
    assert set(dev.one("RandomBytes").secret_outputs) == {"hex", "base64"}


def test_the_image_is_what_sagemaker_takes(dev):
    image = dev.one("Image").inputs
    assert image["platforms"] == ["linux/amd64"]
    (export,) = image["exports"]
    assert (export["registry"]["ociMediaTypes"], export["registry"]["push"]) == (False, True)
    # By its digest alone: no build meets the tag of an earlier one in a repository that moves none.
    assert export["registry"]["pushByDigest"] and "tags" not in image
    assert export["registry"]["names"] == [
        f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/{PROJECT}-dev"
    ]
    assert (image["push"], image["buildOnPreview"]) == (False, False)
    assert "registries" in dev.one("Image").secrets
    assert dev.exports["image"].endswith(f"@{DIGEST}")


def test_an_existing_image_is_neither_built_nor_given_a_repository():
    deployment = run(Recorded(), image=IMAGE)
    assert not deployment.all("Image") and not deployment.all("Repository")
    assert deployment.exports["image"] == IMAGE
    assert "ecr/getAuthorizationToken" not in str(deployment.invokes)
    policy = deployment.one("RolePolicy", "-en-pt").inputs["policy"]
    # It may be another account's, which has to allow it.
    assert '"arn:aws:ecr:eu-west-1:210987654321:repository/shared/translation"' in policy


def test_the_key_of_an_archive_holds_its_hash(dev):
    prefix, pair, digest, name = dev.one("BucketObjectv2").inputs["key"].split("/")
    assert (prefix, pair, name) == ("models", "en_pt", "model.tar.gz")
    assert dev.one("BucketObjectv2").inputs["source"].path.endswith(f"en_pt-{digest}.tar.gz")


def test_an_api_without_keys_is_warned_of():
    deployment = run(Recorded(), auth="none")
    assert deployment.warnings == [
        "auth is none: whoever knows the address can translate, at your cost"
    ]
    assert deployment.exports["apiKeys"] == {}
    assert not deployment.all("RandomBytes") and not deployment.all("Table")
    assert not run(Recorded(), auth="keys").warnings


def test_the_gateway_is_told_what_the_stack_sets(everything):
    variables = everything.one("Function", f"{PROJECT}-test").inputs["environment"]["variables"]
    assert variables["GATEWAY_ENDPOINTS"] == (
        f'{{"de_en": "{PROJECT}-test-de-en-instance", "en_de": "{PROJECT}-test-en-de",'
        f' "en_fr": "{PROJECT}-test-en-fr"}}'
    )
    read = GatewaySettings.from_environment(variables)
    assert set(variables) <= {name for name, *_ in table()}
    assert read.endpoints == everything.exports["endpoints"]
    assert set(read.api_keys) == {"app", "web"}
    assert read.cors_origins == ("https://b.example.com", "https://a.example.com")
    assert (read.pivot, read.rate_limit, read.daily_characters) == ("en", 60, 100_000)
    assert read.demonstrations == ("en_de", "de_en")  # as their manifests say
    assert read.counts == f"dynamodb:{everything.exports['counts']}"
    assert read.key_limits == {"app": {"rateLimit": 600}}


def test_without_origins_no_page_may_call(dev):
    assert "corsConfiguration" not in dev.one("Api").inputs
    variables = dev.one("Function").inputs["environment"]["variables"]
    assert GatewaySettings.from_environment(variables).cors_origins == ()


def test_batch_exports_what_a_job_needs(everything):
    batch = everything.exports["batch"]
    assert set(batch["models"]) == {"en_de", "en_fr", "de_en"}
    assert batch["input"] == f"s3://{everything.exports['bucket']}/batch/in/"
    assert batch["output"] == f"s3://{everything.exports['bucket']}/batch/out/"
    assert (batch["instanceType"], batch["instanceCount"]) == ("ml.m5.xlarge", 1)
    assert everything.one("Model", "en-de-batch").inputs["enableNetworkIsolation"]


def test_a_domain_of_ones_own_is_the_url(everything):
    assert everything.exports["url"] == "https://translate.example.com"
    assert everything.one("Record").inputs["name"] == "translate.example.com"
    assert everything.exports["domainTarget"] == "d-abc.execute-api.eu-west-1.amazonaws.com"


def test_the_provider_tags_everything(everything):
    provider = everything.one("aws").inputs
    tags = provider["defaultTags"]
    assert '"team": "localisation"' in str(tags).replace("'", '"')
    assert provider["region"] == "eu-west-1"


def test_the_program_takes_seconds():
    run(Recorded(), "prod")  # imports, and the function's packages if they are not there
    start = time.process_time()
    run(Recorded(), "prod")
    assert time.process_time() - start < 20


def test_the_program_reads_like_a_drawing():
    assert len((ROOT / "__main__.py").read_text("utf-8").splitlines()) < 100
