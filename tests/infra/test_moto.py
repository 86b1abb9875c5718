"""The whole stack made in moto, through boto3: what AWS would find afterwards.

moto cannot run a container, route a request, check a role's rights, or expire anything; it takes
an image's address and a certificate's ARN as they are.
"""

import hashlib
import json
from pathlib import Path

import boto3
import moto
import pytest

from gateway.dynamodb_counters import DynamoDbCounters
from gateway.glossary import Dictionary, Glossary
from gateway.glossary_place import open_store
from gateway.limits import DAY
from tests.doubles.moto_server import MotoServer
from tests.infra.conftest import EVERYTHING
from tests.infra.moto_aws import MotoAws
from tests.infra.moto_gaps import fill_gaps
from tests.infra.program import PROJECT, run
from tests.infra.recorded import ACCOUNT, DIGEST, REGION

NAME = f"{PROJECT}-test"


@pytest.fixture(scope="module")
def deployed():
    with moto.mock_aws(), pytest.MonkeyPatch.context() as patch:
        fill_gaps(patch)
        zone = aws("route53").create_hosted_zone(Name="example.com", CallerReference="x")
        hosted = zone["HostedZone"]["Id"].rpartition("/")[2]
        yield run(MotoAws(), **{**EVERYTHING, "hostedZoneId": hosted})


def aws(service):
    return boto3.client(service, region_name=REGION)


def test_the_endpoint_is_in_service_with_its_model(deployed):
    sagemaker = aws("sagemaker")
    endpoint = sagemaker.describe_endpoint(EndpointName=deployed.exports["endpoints"]["en_de"])
    assert endpoint["EndpointStatus"] == "InService"
    configuration = sagemaker.describe_endpoint_config(
        EndpointConfigName=endpoint["EndpointConfigName"]
    )
    (variant,) = configuration["ProductionVariants"]
    assert variant["ServerlessConfig"] == {
        "MemorySizeInMB": 4096,
        "MaxConcurrency": 8,
        "ProvisionedConcurrency": 2,
    }
    model = sagemaker.describe_model(ModelName=variant["ModelName"])
    assert model["PrimaryContainer"]["Image"].endswith(f"/{NAME}@{DIGEST}")
    assert model["PrimaryContainer"]["Environment"] == {
        "SERVING_METRICS_NAMESPACE": NAME,
        "SERVING_PAIR": "en_de",
        "SERVING_TIMEOUT": "20",
    }
    role = aws("iam").get_role(RoleName=model["ExecutionRoleArn"].rpartition("/")[2])["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Action"] == "sts:AssumeRole"


def test_the_archive_is_in_the_bucket_byte_for_byte(deployed):
    s3, bucket = aws("s3"), deployed.exports["bucket"]
    sent = deployed.one("BucketObjectv2", "-en-de").inputs
    found = s3.get_object(Bucket=bucket, Key=sent["key"])["Body"].read()
    assert found == Path(sent["source"].path).read_bytes()
    url = aws("sagemaker").describe_model(ModelName=f"{NAME}-en-de-0a1b2c3")
    assert url["PrimaryContainer"]["ModelDataUrl"] == f"s3://{bucket}/{sent['key']}"


def test_the_bucket_is_closed_versioned_encrypted_and_logged(deployed):
    s3, bucket = aws("s3"), deployed.exports["bucket"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == EVERYTHING["kmsKey"]
    logging = s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]
    assert logging["TargetBucket"] == f"{NAME}-logs-0a1b2c3"


def test_the_function_has_its_code_and_environment(deployed):
    function = aws("lambda").get_function(FunctionName=NAME)
    configuration = function["Configuration"]
    assert configuration["CodeSha256"] == deployed.one("Function", NAME).inputs["sourceCodeHash"]
    assert configuration["Handler"] == "gateway.lambda_entry.handler"
    assert (configuration["Timeout"], configuration["Architectures"]) == (28, ["arm64"])
    variables = configuration["Environment"]["Variables"]
    assert json.loads(variables["GATEWAY_ENDPOINTS"]) == deployed.exports["endpoints"]
    key = deployed.exports["apiKeys"]["web"]
    hashes = json.loads(variables["GATEWAY_API_KEYS"])
    assert hashes["web"] == hashlib.sha256(key.encode()).hexdigest()
    assert function["Concurrency"]["ReservedConcurrentExecutions"] == 10


def test_the_gateway_keeps_glossaries_in_the_bucket_of_the_stack(deployed):
    variables = aws("lambda").get_function(FunctionName=NAME)["Configuration"]["Environment"]
    place = variables["Variables"]["GATEWAY_GLOSSARIES"]
    assert place == f"s3://{deployed.exports['bucket']}/glossaries/"
    store = open_store(place)
    ours = Glossary.new("Ours", (Dictionary("en", "de", {"world": "Erde"}),))
    store.create("web", ours)
    assert store.get("web", ours.id) == ours
    (info,) = store.infos("web")
    assert info == ours.info
    assert store.infos("app") == []
    kept = aws("s3").list_objects_v2(Bucket=deployed.exports["bucket"], Prefix="glossaries/")
    assert [each["Key"] for each in kept["Contents"]] == [f"glossaries/web/{ours.id}.json"]
    assert store.delete("web", ours.id)


def test_documents_have_a_queue_and_a_worker_that_it_feeds(deployed):
    sqs, worker = aws("sqs"), f"{NAME}-documents"
    url = sqs.get_queue_url(QueueName=worker)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (found["VisibilityTimeout"], found["MessageRetentionPeriod"]) == ("960", "86400")
    assert found["KmsMasterKeyId"] == EVERYTHING["kmsKey"]
    redrive = json.loads(found["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"].endswith(f"{NAME}-documents-failed")
    (mapping,) = aws("lambda").list_event_source_mappings(FunctionName=worker)[
        "EventSourceMappings"
    ]
    assert (mapping["EventSourceArn"], mapping["BatchSize"]) == (found["QueueArn"], 1)
    function = aws("lambda").get_function(FunctionName=worker)["Configuration"]
    assert (function["Handler"], function["Timeout"]) == ("gateway.worker_entry.handler", 900)
    own = function["Environment"]["Variables"]
    gateway = aws("lambda").get_function(FunctionName=NAME)["Configuration"]["Environment"]
    assert own == gateway["Variables"]
    assert own["GATEWAY_DOCUMENTS_QUEUE"] == url
    bucket = own["GATEWAY_DOCUMENTS"].removeprefix("s3://").rstrip("/")
    (every,) = (
        rule
        for rule in aws("s3").get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        if "Expiration" in rule
    )
    assert every["Expiration"]["Days"] == 1
    assert "Status" not in aws("s3").get_bucket_versioning(Bucket=bucket)


def test_counts_have_a_table(deployed):
    dynamodb, name = aws("dynamodb"), deployed.exports["counts"]
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["SSEDescription"]["KMSMasterKeyArn"] == EVERYTHING["kmsKey"]
    assert dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"] == {
        "AttributeName": "kept_until",
        "TimeToLiveStatus": "ENABLED",
    }
    backups = dynamodb.describe_continuous_backups(TableName=name)
    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"


def test_the_gateway_counts_in_the_table_of_the_stack(deployed, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with MotoServer() as aws:  # the same tables: moto keeps them in this process
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
        counters = DynamoDbCounters(deployed.exports["counts"])
        assert counters.add("characters:web", 7, DAY, limit=10).total == 7
        assert counters.add("characters:web", 7, DAY, limit=10).total == 14
        assert counters.add("characters:web", 0, DAY).total == 7


def test_every_request_reaches_the_function(deployed):
    gateway = aws("apigatewayv2")
    (api,) = gateway.get_apis()["Items"]
    (route,) = gateway.get_routes(ApiId=api["ApiId"])["Items"]
    assert route["RouteKey"] == "$default"
    (integration,) = gateway.get_integrations(ApiId=api["ApiId"])["Items"]
    assert route["Target"] == f"integrations/{integration['IntegrationId']}"
    assert f"function:{NAME}/invocations" in integration["IntegrationUri"]
    assert (integration["PayloadFormatVersion"], integration["TimeoutInMillis"]) == ("2.0", 30000)
    policy = json.loads(aws("lambda").get_policy(FunctionName=NAME)["Policy"])
    (permission,) = policy["Statement"]
    source = permission["Condition"]["ArnLike"]["AWS:SourceArn"]
    assert source == f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api['ApiId']}/*/*"
    assert api["CorsConfiguration"]["AllowOrigins"] == [
        "https://a.example.com",
        "https://b.example.com",
    ]


def test_the_image_has_an_immutable_home(deployed):
    (repository,) = aws("ecr").describe_repositories()["repositories"]
    assert repository["repositoryName"] == NAME
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert deployed.exports["image"] == f"{repository['repositoryUri']}@{DIGEST}"


def test_warm_servers_scale_between_floor_and_maximum(deployed):
    scaling = aws("application-autoscaling")
    found = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert {t["ResourceId"]: (t["MinCapacity"], t["MaxCapacity"]) for t in found} == {
        f"endpoint/{NAME}-en-de/variant/AllTraffic": (2, 8),
        f"endpoint/{NAME}-de-en-instance/variant/AllTraffic": (2, 4),
    }


def test_alarms_watch_and_reach_the_team(deployed):
    alarms = aws("cloudwatch").describe_alarms()["MetricAlarms"]
    assert {alarm["AlarmName"] for alarm in alarms} == set(deployed.exports["alarms"])
    assert {a for alarm in alarms for a in alarm["AlarmActions"]} == {
        deployed.exports["alarmTopic"]
    }
    (subscription,) = aws("sns").list_subscriptions()["Subscriptions"]
    assert subscription["Endpoint"] == "team@example.com"
    (budget,) = aws("budgets").describe_budgets(AccountId=ACCOUNT)["Budgets"]
    assert float(budget["BudgetLimit"]["Amount"]) == 50


def test_the_dashboard_is_there(deployed):
    name = deployed.exports["dashboard"]
    body = json.loads(aws("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"])
    titles = [widget["properties"]["title"] for widget in body["widgets"]]
    assert "Cold starts" in titles and "Cost of inference (estimate)" in titles


def test_every_log_group_is_there_before_the_first_line(deployed):
    groups = {
        group["logGroupName"]: group for group in aws("logs").describe_log_groups()["logGroups"]
    }
    assert {group["retentionInDays"] for group in groups.values()} == {365}
    assert set(groups) == {
        f"/aws/lambda/{NAME}",
        f"/aws/lambda/{NAME}-documents",
        f"/aws/sagemaker/Endpoints/{NAME}-en-de",
        f"/aws/sagemaker/Endpoints/{NAME}-en-fr",
        f"/aws/sagemaker/Endpoints/{NAME}-de-en-instance",
        f"/aws/vendedlogs/{NAME}-access",
    }


def test_what_botocore_knows_to_be_wrong_is_refused(deployed):
    engine = MotoAws()
    with pytest.raises(AssertionError, match=r"outside 1\.\.\.200"):
        engine.make_EndpointConfiguration(
            "x",
            {"productionVariants": [{"variantName": "A", "modelName": f"{NAME}-en-de-0a1b2c3",
             "serverlessConfig": {"memorySizeInMb": 1024, "maxConcurrency": 999}}]},
        )  # fmt: skip
    with pytest.raises(AssertionError, match="executionRole is not in CreateModelInput"):
        engine.make_Model("x", {"executionRole": "arn"})
