"""AWS's Foundational Security Best Practices, control by control, and least privilege."""

import json
import re

import pytest

from gateway.worker_entry import TRIES
from tests.infra.conftest import KEY
from tests.infra.program import PROJECT, run
from tests.infra.recorded import ACCOUNT, Recorded

STACKS = ["dev", "prod", "everything"]
# The only actions that may name no resource, and why there is none to name.
ANY_RESOURCE = {
    "cloudwatch:PutMetricData",  # has no resources; a namespace limits it
    "ecr:GetAuthorizationToken",  # has no resources
    "xray:PutTelemetryRecords",  # has no resources
    "xray:PutTraceSegments",  # has no resources
}


@pytest.fixture(params=STACKS)
def deployment(request):
    return request.getfixturevalue(request.param)


def documents(deployment, *kinds):
    """(name, statements) of the IAM documents of these kinds."""
    for kind in kinds or ("RolePolicy", "BucketPolicy", "TopicPolicy", "QueuePolicy"):
        for resource in deployment.all(kind):
            yield resource.name, json.loads(resource.inputs["policy"])["Statement"]


def statement(deployment, kind, name, sid):
    resource = deployment.one(kind, name)
    statements = json.loads(resource.inputs["policy"])["Statement"]
    return next(found for found in statements if found["Sid"] == sid)


def as_list(value):
    return value if isinstance(value, list) else [value]


# Identity and access


def test_no_action_is_a_wildcard(deployment):
    for name, statements in documents(deployment):
        for entry in statements:
            if entry["Effect"] == "Allow":
                assert not [a for a in as_list(entry["Action"]) if "*" in a], (name, entry["Sid"])


def test_only_actions_without_resources_name_any(deployment):
    for name, statements in documents(deployment):
        for entry in statements:
            if "*" in as_list(entry["Resource"]):
                assert set(as_list(entry["Action"])) <= ANY_RESOURCE, (name, entry["Sid"])
                if "cloudwatch:PutMetricData" in entry["Action"]:
                    assert entry["Condition"]["StringEquals"]["cloudwatch:namespace"]


def test_every_trust_is_conditioned_on_the_account(deployment):
    for role in deployment.all("Role"):
        (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
        functions = [function.name for function in deployment.all("Function")]
        service = "lambda" if role.name in functions else "sagemaker"
        assert trust["Principal"] == {"Service": f"{service}.amazonaws.com"}


def test_services_are_let_in_for_this_account_only(deployment):
    for name, statements in documents(deployment, "BucketPolicy", "TopicPolicy"):
        for entry in statements:
            if entry["Effect"] == "Allow":
                condition = entry["Condition"]["StringEquals"]
                assert condition == {"aws:SourceAccount": ACCOUNT}, name
    assert deployment.one("Permission").inputs["sourceArn"].endswith(":abc/*/*")
    assert deployment.one("Permission").inputs["principal"] == "apigateway.amazonaws.com"


def test_no_role_has_a_managed_policy(deployment):
    assert not deployment.all("RolePolicyAttachment")
    assert not any("managedPolicyArns" in role.inputs for role in deployment.all("Role"))


def test_a_model_reads_its_own_archive_only(everything):
    own = statement(everything, "RolePolicy", "test-en-de", "ReadArchive")
    bucket = everything.exports["bucket"]
    assert own["Resource"] == [f"arn:aws:s3:::{bucket}/models/en_de/*"]
    listed = statement(everything, "RolePolicy", "test-en-de", "ListArchives")
    assert listed["Condition"] == {"StringLike": {"s3:prefix": ["models/en_de/*"]}}
    given = statement(everything, "RolePolicy", "test-en-fr", "ReadArchive")
    assert given["Resource"] == ["arn:aws:s3:::our-models/fr/model.tar.gz"]


def test_a_batch_job_writes_below_its_prefix_only(everything):
    bucket = everything.exports["bucket"]
    name = "test-en-de-batch"
    read = statement(everything, "RolePolicy", name, "ReadTexts")
    write = statement(everything, "RolePolicy", name, "WriteTranslations")
    assert read["Resource"] == [f"arn:aws:s3:::{bucket}/batch/in/*"]
    assert write["Resource"] == [f"arn:aws:s3:::{bucket}/batch/out/*"]


def test_a_pair_with_capitals_may_be_asked_as_sagemaker_writes_it():
    """Seen: `…:endpoint/endpoint-setu4993--labse`, where AWS denies the one called …LaBSE."""
    models = [{"archive": "s3://ours/m.tar.gz", "pair": "en_pt-BR"}]
    deployed = run(Recorded(), models=models)
    policy = json.loads(deployed.one("RolePolicy", f"{PROJECT}-test").inputs["policy"])
    (translate,) = [entry for entry in policy["Statement"] if entry["Sid"] == "Translate"]
    arn = deployed.one("Endpoint").outputs["arn"]
    assert "en-pt-BR" in arn
    assert translate["Resource"] == [arn, arn.lower()]


def test_the_function_may_do_five_things(everything):
    policy = json.loads(everything.one("RolePolicy", f"{PROJECT}-test").inputs["policy"])
    allowed = {entry["Sid"]: entry for entry in policy["Statement"]}
    kept = {"KeepGlossaries", "ListGlossaries", "Encrypt"}
    documents = {"TakeDocuments", "GiveDocuments", "ForgetDocuments", "ListDocuments"}
    assert set(allowed) == (
        {"Translate", "Count", "WriteLogs", "Trace", "Decrypt", "QueueDocuments"} | kept | documents
    )
    bucket = f"arn:aws:s3:::{everything.exports['bucket']}"
    assert allowed["KeepGlossaries"]["Resource"] == [f"{bucket}/glossaries/*"]
    objects = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    assert allowed["KeepGlossaries"]["Action"] == objects
    assert allowed["ListGlossaries"]["Resource"] == [bucket]
    assert allowed["ListGlossaries"]["Condition"] == {"StringLike": {"s3:prefix": ["glossaries/*"]}}
    assert allowed["Encrypt"]["Action"] == ["kms:GenerateDataKey"]
    assert allowed["Count"]["Resource"] == [everything.one("Table").outputs["arn"]]
    assert allowed["Count"]["Action"] == ["dynamodb:GetItem", "dynamodb:UpdateItem"]
    arns = [r.outputs["arn"] for r in everything.all("Endpoint")]
    assert sorted(allowed["Translate"]["Resource"]) == sorted(arns)
    assert allowed["Translate"]["Action"] == ["sagemaker:InvokeEndpoint"]
    logs = everything.one("LogGroup", f"{PROJECT}-test").outputs["arn"]
    assert allowed["WriteLogs"]["Resource"] == [f"{logs}:*"]


def test_who_takes_documents_in_reads_none_and_who_reads_them_gives_none_out(everything):
    bucket = everything.one("Bucket", "-documents").outputs["arn"]
    queue = everything.one("Queue", "-documents").outputs["arn"]

    def objects(name, verb):
        policy = json.loads(everything.one("RolePolicy", name).inputs["policy"])
        found = {
            resource.removeprefix(f"{bucket}/")
            for entry in policy["Statement"]
            for resource in entry["Resource"]
            if entry["Action"] == [f"s3:{verb}Object"]
        }
        return {prefix for prefix in found if not prefix.startswith("arn:")}

    function, worker = f"{PROJECT}-test", f"{PROJECT}-test-documents"
    assert objects(function, "Put") == {"state/*", "in/*", "unfinished/*"}
    assert objects(function, "Get") == {"state/*", "out/*"}
    assert objects(function, "Delete") == {"state/*", "in/*", "out/*", "unfinished/*"}
    assert objects(worker, "Get") == {"state/*", "in/*", "chunks/*"}
    assert objects(worker, "Put") == {"state/*", "out/*", "chunks/*"}
    assert objects(worker, "Delete") == {"in/*", "chunks/*", "unfinished/*"}
    sent = statement(everything, "RolePolicy", function, "QueueDocuments")
    assert (sent["Action"], sent["Resource"]) == (["sqs:SendMessage"], [queue])
    taken = statement(everything, "RolePolicy", worker, "WorkOnQueue")
    assert taken["Resource"] == [queue]
    glossaries = statement(everything, "RolePolicy", worker, "ReadGlossaries")
    assert glossaries["Action"] == ["s3:GetObject"]


# S3


def part(deployment, kind, bucket):
    return next(r for r in deployment.all(kind) if r.inputs["bucket"] == bucket.outputs["bucket"])


def test_s3_buckets_are_closed(deployment):  # S3.1, S3.2, S3.3, S3.8
    for bucket in deployment.all("Bucket"):
        block = dict(part(deployment, "BucketPublicAccessBlock", bucket).inputs)
        del block["bucket"]
        assert block == dict.fromkeys(
            ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"],
            True,
        )


def test_s3_takes_tls_only(deployment):  # S3.5
    for bucket in deployment.all("Bucket"):
        policy = json.loads(part(deployment, "BucketPolicy", bucket).inputs["policy"])
        deny = policy["Statement"][0]
        assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert (deny["Effect"], deny["Action"], deny["Principal"]) == ("Deny", "s3:*", {"AWS": "*"})
        arn = bucket.outputs["arn"]
        assert deny["Resource"] == [arn, f"{arn}/*"]


def test_s3_knows_no_acls(deployment):  # S3.12
    for bucket in deployment.all("Bucket"):
        rule = part(deployment, "BucketOwnershipControls", bucket).inputs["rule"]
        assert rule == {"objectOwnership": "BucketOwnerEnforced"}
        assert "acl" not in bucket.inputs


def test_s3_keeps_versions_and_lets_them_expire(deployment):  # S3.13, S3.14
    for bucket in deployment.all("Bucket"):
        if bucket.name.endswith("-documents"):
            continue
        versioning = part(deployment, "BucketVersioning", bucket).inputs
        assert versioning["versioningConfiguration"] == {"status": "Enabled"}
        rules = part(deployment, "BucketLifecycleConfiguration", bucket).inputs["rules"]
        assert {rule["status"] for rule in rules} == {"Enabled"}
        assert rules[0]["noncurrentVersionExpiration"] == {"noncurrentDays": 30}


def test_documents_are_gone_after_a_day_and_have_no_versions(everything):
    bucket = everything.one("Bucket", "-documents")
    assert not [v for v in everything.all("BucketVersioning") if v.name == bucket.name]
    rules = part(everything, "BucketLifecycleConfiguration", bucket).inputs["rules"]
    assert rules[-1]["expiration"] == {"days": 1} and rules[-1]["filter"] == {"prefix": ""}
    assert bucket.inputs["forceDestroy"] and not bucket.protect
    assert everything.one("Queue", "-documents").inputs["messageRetentionSeconds"] == 86_400


def test_s3_encrypts(deployment):
    for bucket in deployment.all("Bucket"):
        (rule,) = part(deployment, "BucketServerSideEncryptionConfiguration", bucket).inputs[
            "rules"
        ]
        assert rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"] in ("AES256", "aws:kms")


def test_s3_logs_accesses_to_models(deployment):  # S3.9
    logging = deployment.one("BucketLogging", "-models").inputs
    assert logging["bucket"].endswith("-models-0a1b2c3")
    assert logging["targetBucket"].endswith("-logs-0a1b2c3")
    assert statement(deployment, "BucketPolicy", "-logs", "TakeAccessLogs")["Principal"] == {
        "Service": "logging.s3.amazonaws.com"
    }


# The other services


def test_queues_are_encrypted_take_tls_only_and_keep_what_failed(everything):  # SQS.1
    for queue in everything.all("Queue"):
        assert queue.inputs["kmsMasterKeyId"] == KEY
        policy = json.loads(everything.one("QueuePolicy", queue.name).inputs["policy"])
        (deny,) = policy["Statement"]
        assert (deny["Effect"], deny["Resource"]) == ("Deny", [queue.outputs["arn"]])
        assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    own = run(Recorded(), documents=True)
    assert {queue.inputs["sqsManagedSseEnabled"] for queue in own.all("Queue")} == {True}
    redrive = json.loads(everything.one("Queue", "-documents").inputs["redrivePolicy"])
    failed = everything.one("Queue", "-failed")
    assert redrive == {"deadLetterTargetArn": failed.outputs["arn"], "maxReceiveCount": TRIES}
    alarm = everything.one("MetricAlarm", "-documents").inputs
    assert alarm["dimensions"] == {"QueueName": failed.inputs["name"]}
    assert (alarm["threshold"], alarm["comparisonOperator"]) == (0, "GreaterThanThreshold")


def test_counts_scale_by_themselves_encrypted_and_expire(deployment):  # DynamoDB.1
    table = deployment.one("Table").inputs
    assert table["billingMode"] == "PAY_PER_REQUEST"
    assert table["serverSideEncryption"]["enabled"] is True
    assert table["ttl"] == {"attributeName": "kept_until", "enabled": True}


def test_counts_can_be_had_back_where_that_is_asked_for(dev, everything):  # DynamoDB.2
    assert dev.one("Table").inputs["pointInTimeRecovery"] == {"enabled": False}
    assert everything.one("Table").inputs["pointInTimeRecovery"] == {"enabled": True}


def test_ecr_scans_and_never_moves_a_tag(deployment):  # ECR.1, ECR.2, ECR.3
    repository = deployment.one("Repository").inputs
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository["encryptionConfigurations"][0]["encryptionType"] in ("AES256", "KMS")
    (rule,) = json.loads(deployment.one("LifecyclePolicy").inputs["policy"])["rules"]
    assert rule["action"] == {"type": "expire"}


def test_lambda_is_traced_and_runs_a_supported_python(deployment):  # Lambda.2
    function = deployment.all("Function")[0].inputs
    assert function["tracingConfig"] == {"mode": "Active"}
    assert (function["runtime"], function["architectures"]) == ("python3.12", ["arm64"])
    assert function["loggingConfig"]["logGroup"] == f"/aws/lambda/{function['name']}"


def test_the_api_is_logged_and_throttled(deployment):  # APIGateway.9
    stage = deployment.one("Stage").inputs
    assert stage["accessLogSettings"]["destinationArn"].startswith("arn:aws:")
    assert stage["defaultRouteSettings"]["throttlingRateLimit"] >= 1
    assert stage["defaultRouteSettings"]["throttlingBurstLimit"] >= 1


def test_the_access_log_names_neither_callers_nor_texts(deployment):
    fields = json.loads(deployment.one("Stage").inputs["accessLogSettings"]["format"]).values()
    told = re.compile(r"identity|header|query|authorizer|body", re.IGNORECASE)
    assert not [field for field in fields if told.search(field)]


def test_logs_do_not_last_for_ever(deployment):
    assert len(deployment.all("LogGroup")) >= 3
    assert all(group.inputs["retentionInDays"] >= 14 for group in deployment.all("LogGroup"))


def test_a_key_encrypts_all_that_it_can(everything):
    key = everything.one("Function", f"{PROJECT}-test").inputs["kmsKeyArn"]
    assert {group.inputs["kmsKeyId"] for group in everything.all("LogGroup")} == {key}
    assert everything.one("Topic").inputs["kmsMasterKeyId"] == key
    assert everything.one("Table").inputs["serverSideEncryption"]["kmsKeyArn"] == key
    assert everything.one("Repository").inputs["encryptionConfigurations"] == [
        {"encryptionType": "KMS", "kmsKey": key}
    ]
    assert statement(everything, "RolePolicy", "test-en-de", "Decrypt")["Resource"] == [key]
