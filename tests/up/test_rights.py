"""Rights and archives end once nobody uses them any more, not while an update goes on."""

import pytest

STACK = "rights"
EN_DE, DE_EN = {"folder": "models/en_de"}, {"folder": "models/de_en"}


def is_unused(cloud, bucket, key):
    """Whether the bucket's rule finds it: 30 days after it was written so, S3 deletes it."""
    s3 = cloud.client("s3")
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    (rule,) = [rule for rule in rules if rule["ID"] == "expire-unused"]
    assert rule["Expiration"]["Days"] == 30
    return rule["Filter"]["Tag"] in s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]


@pytest.fixture(scope="module")
def checkout(desk):
    one = desk.checkout("rights")
    one.configure(STACK, models=[EN_DE, DE_EN], protect=True)
    one.run("stack", "init", STACK)
    one.run("up", "--yes", "--skip-preview", "--stack", STACK)
    yield one
    one.configure(STACK, models=[EN_DE])
    one.up(STACK)
    one.pulumi("destroy", "--yes", "--skip-preview", "--stack", STACK)


def test_the_function_lets_go_of_a_pair_before_its_rights_and_the_pair_end(checkout, cloud):
    bucket, before = checkout.outputs(STACK)["bucket"], len(cloud.calls)
    checkout.configure(STACK, models=[EN_DE], protect=True)
    said = checkout.up(STACK)
    assert said.code == 0, said.text
    calls = cloud.calls[before:]
    told = calls.index("awslambda:UpdateFunctionConfiguration")
    assert told < calls.index("iam:DeleteRolePolicy")
    assert told < calls.index("sagemaker:DeleteEndpoint")
    assert set(checkout.outputs(STACK)["endpoints"]) == {"en_de"}
    left = cloud.client("s3").list_objects_v2(Bucket=bucket, Prefix="models/de_en/")
    assert left["KeyCount"] == 1, "the archive outlives its pair"
    assert is_unused(cloud, bucket, left["Contents"][0]["Key"]), "and not for ever"


def test_folder_and_archive_are_readable_while_one_takes_the_others_place(checkout, cloud):
    s3, bucket = cloud.client("s3"), checkout.outputs(STACK)["bucket"]
    (found,) = s3.list_objects_v2(Bucket=bucket, Prefix="models/en_de/")["Contents"]
    s3.create_bucket(
        Bucket="our-models", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    source = {"Bucket": bucket, "Key": found["Key"]}
    s3.copy_object(Bucket="our-models", Key="en_de/model.tar.gz", CopySource=source)
    archive = {"archive": "s3://our-models/en_de/model.tar.gz", "pair": "en_de"}
    before = len(cloud.calls)
    checkout.configure(STACK, models=[archive], protect=True)
    said = checkout.up(STACK)
    assert said.code == 0, said.text
    calls = cloud.calls[before:]
    switched = calls.index("sagemaker:UpdateEndpoint")
    assert calls.index("iam:PutRolePolicy") < switched < calls.index("iam:DeleteRolePolicy")
    assert s3.list_objects_v2(Bucket=bucket, Prefix="models/en_de/")["KeyCount"] == 1
    checkout.run("preview", "--diff", "--expect-no-changes", "--stack", STACK)


def test_an_archive_of_before_that_is_named_by_its_address_stays(checkout, cloud):
    bucket = checkout.outputs(STACK)["bucket"]
    (found,) = cloud.client("s3").list_objects_v2(Bucket=bucket, Prefix="models/de_en/")["Contents"]
    back = {"archive": f"s3://{bucket}/{found['Key']}", "pair": "de_en"}
    checkout.configure(STACK, models=[EN_DE, back], protect=True)
    said = checkout.up(STACK)
    assert said.code == 0, said.text
    assert not is_unused(cloud, bucket, found["Key"])
